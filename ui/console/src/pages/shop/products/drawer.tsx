import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Drawer } from "antd"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { Bones } from "../../../parts/blank"
import { sentenceOf, Trouble } from "../../../parts/trouble"
import { asks, renew, type Product, type State } from "./asks"
import { ProductForm } from "./form"
import { Standing, useBoth } from "./words"

type Props = { id: string; may: boolean; onOpen(id: string): void; onClose(): void }

/** One product: what it is, and for operators the form that writes it. id "+": a new one. */
export function ProductDrawer({ id, may, onOpen, onClose }: Props) {
  const { t } = useTranslation("catalogue")
  const both = useBoth()
  const fresh = id === "+"
  const found = useQuery(asks.product(fresh ? "" : id))
  const one = fresh ? undefined : found.data
  const ready = fresh || one !== undefined
  return (
    <Drawer open={id !== ""} onClose={onClose} title={fresh ? t("new") : one ? both(one.title) : " "} size={780} destroyOnHidden>
      {found.error && !fresh && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {!ready && !found.error && <Bones rows={10} height={36} />}
      {ready && (
        <div className="drawerbody productone">
          {one && <Head one={one} may={may} />}
          <ProductForm key={seen(id, one)} one={one} may={may} onDone={onOpen} />
        </div>
      )}
    </Drawer>
  )
}

/** What the form was opened on: prices change without a new version of the product, and are shown anew too. */
function seen(id: string, one: Product | undefined): string {
  const prices = one?.variants.map((variant) => `${variant.unit_minor} ${variant.compare_at_minor}`) ?? []
  return [id, one?.version ?? 0, ...prices].join("|")
}

const moves: Record<State, State[]> = { draft: ["listed", "archived"], listed: ["draft", "archived"], archived: ["draft", "listed"] }

function Head({ one, may }: { one: Product; may: boolean }) {
  const { t } = useTranslation("catalogue")
  const f = useFormats()
  const { notification } = useNotices()
  const queries = useQueryClient()
  const move = useMutation({
    mutationFn: (state: State) => take(client.POST("/v1/trade/products/state", { body: { product_ids: [one.product_id], state } })),
    onSuccess: () => void renew(queries),
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const state = one.state ?? "draft"
  return (
    <>
      <div className="row wrap">
        <Standing of={state} />
        {may &&
          moves[state].map((to) => (
            <Button key={to} size="small" type={to === "listed" ? "primary" : "default"} loading={move.isPending && move.variables === to} onClick={() => move.mutate(to)}>
              {t(`move.${to}`)}
            </Button>
          ))}
        {one.sample && <span className="soft small">{t("sampleSaid")}</span>}
        {one.imported && <span className="soft small">{t("importedSaid")}</span>}
      </div>
      <p className="soft small num">{t("versionSaid", { version: one.version, when: f.moment(one.changed_at) })}</p>
      {state === "listed" && one.from_minor === null && <p className="notice">{t("noPriceSaid")}</p>}
    </>
  )
}
