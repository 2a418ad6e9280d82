import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useEffect, useState, type ComponentType } from "react"
import { useTranslation } from "react-i18next"
import { Link, NavLink, Outlet, useLocation, useNavigate } from "react-router"
import { client } from "../lib/api"
import { idle } from "../lib/early"
import { useFormats } from "../lib/i18n"
import { holdKeys, plainKey } from "../lib/keys"
import { ask, queries } from "../lib/queries"
import { useSettings } from "../lib/settings"
import { ExplainLayer } from "../parts/explain"
import { Menu, type MenuItem } from "../parts/menu"
import { JobsProvider, useJobs } from "./jobs"
import { sectionOf, sections, siblings } from "./nav"

export function Shell() {
  return (
    <JobsProvider>
      <Frame />
    </JobsProvider>
  )
}

type PaletteProps = { onClose(): void }
type Overlay = "palette" | "shortcuts" | null

const loadPalette = () => import("./palette")
const loadShortcuts = () => import("./shortcuts")

/** Fetched at idle, so that the first Ctrl+K shows it at once and no letter falls through. */
function useOverlay(overlay: Overlay) {
  const [parts, setParts] = useState<Partial<Record<"palette" | "shortcuts", ComponentType<PaletteProps>>>>({})
  useEffect(() => {
    idle(() => {
      void Promise.all([loadPalette(), loadShortcuts()]).then(([palette, shortcuts]) =>
        setParts({ palette: palette.default, shortcuts: shortcuts.default }),
      )
    })
  }, [])
  useEffect(() => (overlay ? holdKeys() : undefined), [overlay])
  return overlay ? parts[overlay] : undefined
}

function Frame() {
  const { t } = useTranslation("common")
  const [overlay, setOverlay] = useState<Overlay>(null)
  const Open = useOverlay(overlay)
  const { pathname } = useLocation()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault()
        setOverlay((now) => (now === "palette" ? null : "palette"))
      } else if (event.key === "?" && plainKey(event)) setOverlay("shortcuts")
    }
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  }, [])
  return (
    <>
      <a className="skip" href="#main">
        {t("nav.skip")}
      </a>
      <TopLine onFind={() => setOverlay("palette")} onShortcuts={() => setOverlay("shortcuts")} />
      <main id="main" tabIndex={-1}>
        <Siblings pathname={pathname} />
        <Outlet />
      </main>
      <ExplainLayer />
      {Open && <Open onClose={() => setOverlay(null)} />}
    </>
  )
}

function Links({ className, label }: { className: string; label: string }) {
  const { t } = useTranslation("common")
  const here = sectionOf(useLocation().pathname)
  return (
    <nav aria-label={label} className={className}>
      <ul>
        {sections.map((section) => (
          <li key={section.key}>
            <NavLink to={section.to} className={here === section.key ? "active" : ""}>
              {t(`nav.${section.key}`)}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** The second line: pages of the section that the top line has no room for. */
function Siblings({ pathname }: { pathname: string }) {
  const { t } = useTranslation("common")
  const here = sectionOf(pathname)
  const pages = here && here in siblings ? siblings[here as keyof typeof siblings] : null
  if (!pages) return null
  // The longest address that leads here: /decisions/allocation is a page of its own, /decisions/groups/7 one of /decisions.
  const current = [...pages].sort((a, b) => b.to.length - a.to.length).find(({ to }) => pathname === to || pathname.startsWith(`${to}/`))
  return (
    <nav aria-label={t("nav.within")} className="siblings">
      {pages.map((page) => (
        <Link key={page.key} to={page.to} aria-current={page === current ? "page" : undefined}>
          {t(`nav.${page.key}`)}
        </Link>
      ))}
    </nav>
  )
}

const onMac = /Mac|iPhone|iPad/.test(navigator.platform)

function TopLine({ onFind, onShortcuts }: { onFind(): void; onShortcuts(): void }) {
  const { t } = useTranslation("common")
  const [menu, setMenu] = useState(false)
  const { pathname } = useLocation()
  useEffect(() => setMenu(false), [pathname])
  const findFromMenu = () => {
    setMenu(false)
    onFind()
  }
  return (
    <header className="top">
      <NavLink to="/today" className="mark" aria-label="深耕 Shengeng">
        <span lang="zh-CN">深耕</span> <small>Shengeng</small>
      </NavLink>
      <Links className="topnav wide" label={t("nav.label")} />
      <div className="tools">
        <ShopDay />
        <Button size="small" className="find wide" onClick={onFind} aria-keyshortcuts="Control+K">
          <span>{t("top.search")}</span>
          <kbd>{onMac ? "\u2318K" : "Ctrl K"}</kbd>
        </Button>
        <span className="wide controls">
          <Switches />
          <Account onShortcuts={onShortcuts} />
        </span>
        <Button size="small" className="narrow" onClick={() => setMenu(true)} aria-expanded={menu}>
          {t("nav.menu")}
        </Button>
      </div>
      {menu && (
        <div
          className="sheetmenu"
          role="dialog"
          aria-modal="true"
          aria-label={t("nav.menu")}
          onKeyDown={(event) => event.key === "Escape" && setMenu(false)}
        >
          <div className="sheetbar">
            <strong>{t("nav.menu")}</strong>
            <Button size="small" type="text" autoFocus onClick={() => setMenu(false)}>
              {t("act.close")}
            </Button>
          </div>
          <Links className="tall" label={t("nav.label")} />
          <div className="tallctl">
            <Button size="small" onClick={findFromMenu}>
              {t("top.search")}
            </Button>
            <Switches />
            <Account onShortcuts={onShortcuts} />
          </div>
        </div>
      )}
    </header>
  )
}

/** The shop's date, which replay moves, and the button that moves it. */
function ShopDay() {
  const { t } = useTranslation("common")
  const f = useFormats()
  const jobs = useJobs()
  const shop = useQuery(ask.shop()).data
  const week: MenuItem[] = [{ key: "week", label: t("top.week"), run: () => jobs.replay(Math.min(7, shop?.waiting_days ?? 7)) }]
  const canMove = (shop?.waiting_days ?? 0) > 0
  if (!shop) return <span className="dayroom" aria-hidden />
  return (
    <>
      {shop.simulated && <span className="stamp">{t("top.simulated")}</span>}
      {shop.today && (
        <span className="date num" title={t("top.shopDate")}>
          {f.day(shop.today)}
        </span>
      )}
      {canMove && (
        <span className="nextday">
          <Button size="small" onClick={() => jobs.replay(1)} disabled={jobs.busy}>
            {t("top.nextDay")}
          </Button>
          <Menu label={<span aria-hidden>{"\u25be"}</span>} name={t("top.more")} items={week} type="default" />
        </span>
      )}
    </>
  )
}

function Switches() {
  const { t } = useTranslation("common")
  const { lang, setLang, mode, setMode } = useSettings()
  return (
    <>
      <Button type="text" size="small" lang={lang === "zh" ? "en" : "zh-CN"} onClick={() => setLang(lang === "zh" ? "en" : "zh")}>
        {t("top.language")}
      </Button>
      <Button type="text" size="small" onClick={() => setMode(mode === "light" ? "dark" : "light")}>
        {t(mode === "light" ? "top.dark" : "top.light")}
      </Button>
    </>
  )
}

function Account({ onShortcuts }: { onShortcuts(): void }) {
  const { t } = useTranslation("common")
  const go = useNavigate()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  if (!me) return null
  const leave = async () => {
    await client.DELETE("/v1/session")
    queries.clear()
    location.assign("/console/")
  }
  const items: MenuItem[] = [
    { key: "strategy", label: t("nav.strategy"), run: () => void go("/strategy") },
    { key: "settings", label: t("nav.settings"), run: () => void go("/settings") },
    { key: "password", label: t("top.password"), run: () => void go("/settings?tab=me") },
    { key: "keys", label: t("top.shortcuts"), run: onShortcuts },
    { key: "leave", label: t("top.signOut"), run: () => void leave() },
  ]
  return <Menu label={me.name} name={t("top.account", { name: me.name })} items={items} />
}
