import { useQuery } from "@tanstack/react-query"
import { Button, Modal } from "antd"
import { useEffect } from "react"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { holdKeys } from "../../../lib/keys"
import { sentenceOf } from "../../../parts/trouble"
import { asks, definitionOf, type Row } from "./asks"
import { useChanges } from "./diff"
import type { Draft } from "./draft"
import { useSay, productsIn } from "./say"

type Props = { row: Row | undefined; start: Draft; now: Draft; saving: boolean; error: unknown; onSave(): void; onClose(): void }

/** What saving would do, in words and in customers, before it is done. */
export function SaveDialog({ row, start, now, saving, error, onSave, onClose }: Props) {
  const { t } = useTranslation(["audiences", "common"])
  const f = useFormats()
  useEffect(holdKeys, [])
  const changes = useChanges(start, now)
  const { say } = useSay(productsIn(now.definition))
  const found = useQuery(asks.preview(now.definition)).data
  const title = row ? t("saveTitle", { version: row.version + 1 }) : t("saveNewTitle")
  return (
    <Modal open onCancel={onClose} footer={null} title={title} width={560} transitionName="" maskTransitionName="">
      {row ? (
        <>
          <h3>{t("whatChanges")}</h3>
          {changes.length ? (
            <ul className="plainbullets">
              {changes.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          ) : (
            <p className="soft">{t("nothingChanges")}</p>
          )}
        </>
      ) : (
        <p>
          <strong>{now.name}</strong> {"\u2014"} {say(now.definition.where)}
        </p>
      )}
      <p className="num says2">
        {found ? (row ? t("wouldBe", { after: f.whole(found.count), before: f.whole(row.count) }) : t("wouldBeNew", { after: f.whole(found.count) })) : t("counting")}
      </p>
      {error ? <p className="wrong" role="alert">{sentenceOf(error)}</p> : null}
      <div className="row">
        <Button type="primary" autoFocus loading={saving} onClick={onSave}>
          {t(row ? "save" : "saveNew")}
        </Button>
        <Button onClick={onClose}>{t("common:act.cancel")}</Button>
      </div>
    </Modal>
  )
}

type ConflictProps = { mine: Draft; began: number; theirs: Row; saving: boolean; onMine(): void; onTheirs(): void; onClose(): void }

/** Somebody else was faster: both sides in words, and the two ways on. */
export function ConflictDialog({ mine, began, theirs, saving, onMine, onTheirs, onClose }: ConflictProps) {
  const { t } = useTranslation(["audiences", "common"])
  useEffect(holdKeys, [])
  const changes = useChanges({ name: theirs.name, note: theirs.note, definition: definitionOf(theirs) }, mine)
  return (
    <Modal open onCancel={onClose} footer={null} title={t("conflict")} width={560} transitionName="" maskTransitionName="">
      <p>{t("conflictWhat", { mine: began, theirs: theirs.version, who: theirs.updated_by })}</p>
      <ul className="plainbullets">
        {changes.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <div className="row says2">
        <Button type="primary" loading={saving} onClick={onMine}>
          {t("conflictMine", { version: theirs.version + 1 })}
        </Button>
        <Button onClick={onTheirs}>{t("conflictTheirs")}</Button>
        <Button type="text" onClick={onClose}>
          {t("stay")}
        </Button>
      </div>
    </Modal>
  )
}
