import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { useNotices } from "../../../lib/notices"

const blank = "WRITE_KEY"

const recipes = (secret: string, host: string) => ({
  browser: `<script async src="${host}/v1/snippet.js" data-key="${secret}"></script>
<script>
  window.shengeng = window.shengeng || []
  shengeng.push(["consent", true])
  shengeng.push(["page"])
  shengeng.push(["track", "Product Viewed", { product_id: "A-100" }])
</script>`,
  curl: `curl ${host}/v1/track -u '${secret}:' -H 'content-type: application/json' \\
  -d '{"event": "Product Viewed", "userId": "C-1", "properties": {"product_id": "A-100"}}'`,
  python: `import segment.analytics as analytics

analytics.write_key = "${secret}"
analytics.host = "${host}"
analytics.track("C-1", "Product Viewed", {"product_id": "A-100"})
analytics.flush()`,
})

type Way = keyof ReturnType<typeof recipes>

/** Lines to copy into a page, a terminal, a program. */
export function Recipes({ secret = blank, page = true }: { secret?: string; page?: boolean }) {
  const { t } = useTranslation("events")
  const { message } = useNotices()
  const texts = recipes(secret, window.location.origin)
  const ways: Way[] = page ? ["browser", "curl", "python"] : ["curl", "python"]
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text)
    void message.success(t("secret.copied"))
  }
  return (
    <div className="recipes">
      {ways.map((way) => (
        <div key={way}>
          <div className="row">
            <h3>{t(`send.${way}`)}</h3>
            <Button size="small" type="text" onClick={() => void copy(texts[way])} aria-label={`${t("secret.copy")}: ${t(`send.${way}`)}`}>
              {t("secret.copy")}
            </Button>
          </div>
          <pre className="log json" tabIndex={0} aria-label={t(`send.${way}`)}>
            {texts[way]}
          </pre>
          {way === "browser" && <p className="soft small">{t("send.browserNote")}</p>}
        </div>
      ))}
    </div>
  )
}

export function HowToSend() {
  const { t } = useTranslation("events")
  return (
    <section className="sheet pad">
      <p>{t("send.lead")}</p>
      <p className="soft">{t("send.placeholder", { key: blank })}</p>
      <Recipes />
    </section>
  )
}
