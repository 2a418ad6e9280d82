import { theme, type ThemeConfig } from "antd"

export const font =
  '"PingFang SC","Microsoft YaHei UI","Segoe UI","Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC","Helvetica Neue",Arial,sans-serif'

/** The palette; our own HTML reads it as CSS variables, AntD and charts read it from here. */
export const paint = {
  light: {
    paper: "#f5f3ec",
    surface: "#fffdf8",
    raised: "#ffffff",
    ink: "#22261f",
    ink2: "#555a4f",
    ink3: "#686d60",
    rule: "#e3ded1",
    edge: "#8c8f82",
    buttonEdge: "#cfc9b8",
    green: "#1f5c3d",
    greenHover: "#2a7350",
    greenSoft: "#e6eee3",
    ochre: "#865700",
    ochreFill: "#c48a1f",
    ochreSoft: "#f6ecd6",
    brick: "#9e3322",
    brickSoft: "#f7e5df",
    onGreen: "#ffffff",
    shadow: "0 6px 24px rgba(34,38,31,.14)",
  },
  dark: {
    paper: "#141713",
    surface: "#1b1f1a",
    raised: "#232822",
    ink: "#e9e6dc",
    ink2: "#b6b8ab",
    ink3: "#989c8f",
    rule: "#30362d",
    edge: "#767c70",
    buttonEdge: "#434a3f",
    green: "#8cc3a0",
    greenHover: "#a3d3b4",
    greenSoft: "#22332a",
    ochre: "#e0b25a",
    ochreFill: "#c48a1f",
    ochreSoft: "#352b16",
    brick: "#e8907d",
    brickSoft: "#3b211c",
    onGreen: "#10140f",
    shadow: "0 6px 24px rgba(0,0,0,.5)",
  },
} as const

export type Mode = keyof typeof paint
export type Paint = Record<keyof (typeof paint)["light"], string>

function tokens(p: Paint): ThemeConfig["token"] {
  return {
    fontFamily: font,
    fontSize: 14,
    fontSizeSM: 13,
    lineHeight: 1.5,
    borderRadius: 4,
    borderRadiusLG: 6,
    borderRadiusSM: 3,
    controlHeight: 32,
    controlHeightSM: 26,
    motionDurationMid: "0.12s",
    motionDurationSlow: "0.16s",
    colorPrimary: p.green,
    colorPrimaryHover: p.greenHover,
    colorPrimaryActive: p.green,
    colorSuccess: p.green,
    colorWarning: p.ochre,
    colorError: p.brick,
    colorInfo: p.green,
    colorLink: p.green,
    colorLinkHover: p.greenHover,
    colorBgLayout: p.paper,
    colorBgContainer: p.surface,
    colorBgElevated: p.raised,
    colorText: p.ink,
    colorTextSecondary: p.ink2,
    colorTextTertiary: p.ink3,
    colorTextQuaternary: p.ink3,
    colorTextDescription: p.ink2,
    colorTextPlaceholder: p.ink3,
    colorTextDisabled: p.ink3,
    colorTextLightSolid: p.onGreen,
    colorIcon: p.ink2,
    colorBorder: p.edge,
    colorBorderSecondary: p.rule,
    colorSplit: p.rule,
    colorFillAlter: p.paper,
    colorPrimaryBg: p.greenSoft,
    colorPrimaryBgHover: p.greenSoft,
    controlItemBgActive: p.greenSoft,
    controlItemBgHover: p.greenSoft,
    controlOutline: p.greenSoft,
    boxShadow: p.shadow,
    boxShadowSecondary: p.shadow,
    boxShadowTertiary: "none",
  }
}

export function antTheme(mode: Mode): ThemeConfig {
  const p = paint[mode]
  return {
    algorithm: mode === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    hashed: false,
    cssVar: { prefix: "sg", key: mode },
    token: tokens(p),
    components: {
      Button: {
        primaryColor: p.onGreen,
        primaryShadow: "none",
        defaultShadow: "none",
        dangerShadow: "none",
        defaultBorderColor: p.buttonEdge,
        defaultBg: "transparent",
        fontWeight: 500,
        paddingInlineSM: 10,
      },
      Segmented: { itemSelectedBg: p.surface, trackBg: p.rule, itemColor: p.ink2 },
      Select: { optionSelectedBg: p.greenSoft },
      Modal: { contentBg: p.raised },
    },
  }
}
