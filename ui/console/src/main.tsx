// Small on purpose: the shop's answers, the words and the code of the first page are on their way before the rest arrives.
import { antWordsOf, askEarly, everywhere, firstIsToday, firstLanguage, wordsOf } from "./lib/early"

askEarly("/v1/me")
if (firstIsToday()) {
  const team = new URLSearchParams(location.search).get("team")
  askEarly(team ? `/v1/today?team=${encodeURIComponent(team)}` : "/v1/today")
  void import("./pages/today/page")
}
void import("./start")
askEarly("/v1/shop")
const lang = firstLanguage()
for (const namespace of [...everywhere, ...(firstIsToday() ? ["today"] : [])]) void wordsOf(lang, namespace)
void antWordsOf(lang)
