import { useMutation } from "@tanstack/react-query"
import { Button } from "antd"
import { useRef } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"
import { pictureUrl, type Body } from "./asks"

type Picture = NonNullable<Body["media"]>[number]
type Props = { value?: Picture[]; onChange?(pictures: Picture[]): void; may: boolean }

/** A file as the raw body of a request, not as JSON. */
const raw = { bodySerializer: (file: unknown) => file as BodyInit, headers: { "content-type": "application/octet-stream" } }

/** The pictures of a product: the first one stands in lists; sent one by one, kept by their content. */
export function Pictures({ value = [], onChange, may }: Props) {
  const { t } = useTranslation("catalogue")
  const { notification } = useNotices()
  const input = useRef<HTMLInputElement>(null)
  const send = useMutation({
    mutationFn: async (files: File[]) => {
      const made: Picture[] = []
      for (const file of files) made.push({ media_id: (await take(client.POST("/v1/trade/media", { body: file as never, ...raw }))).media_id, alt: { zh: "", en: "" } })
      return made
    },
    onSuccess: (made) => onChange?.([...value, ...made.filter((one) => !value.some((there) => there.media_id === one.media_id))]),
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const without = (media_id: string) => onChange?.(value.filter((one) => one.media_id !== media_id))
  const first = (picture: Picture) => onChange?.([picture, ...value.filter((one) => one !== picture)])
  return (
    <>
      <ul className="pictures">
        {value.map((picture, n) => (
          <li key={picture.media_id}>
            <img src={pictureUrl(picture.media_id)} alt={t("picture", { n: n + 1 })} width={96} height={96} loading="lazy" />
            {may && (
              <span className="row">
                {n > 0 && (
                  <Button type="link" size="small" aria-label={t("firstOf", { n: n + 1 })} onClick={() => first(picture)}>
                    {t("first")}
                  </Button>
                )}
                <Button type="link" size="small" danger aria-label={t("removePicture", { n: n + 1 })} onClick={() => without(picture.media_id)}>
                  {t("remove")}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {may && (
        <>
          <input ref={input} type="file" hidden multiple accept="image/png,image/jpeg,image/webp,image/svg+xml" aria-label={t("addPicture")} onChange={(event) => { send.mutate([...(event.target.files ?? [])]); event.target.value = "" }} />
          <Button loading={send.isPending} onClick={() => input.current?.click()}>
            {t("addPicture")}
          </Button>
        </>
      )}
    </>
  )
}
