import { useTranslation } from "react-i18next"

/** A channel as people call it: the source's own name, or what its absence means. */
export function useChannelName() {
  const { t } = useTranslation("economics")
  return (channel: string) => (channel === "" ? t("unknownChannel") : channel === "*" ? t("allChannels") : channel)
}
