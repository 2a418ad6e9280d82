// Small on purpose: the shop's answers and the code of the first page are on their way before the rest arrives.
import { askEarly, firstIsToday } from "./lib/early"

askEarly("/v1/me")
if (firstIsToday()) {
  const team = new URLSearchParams(location.search).get("team")
  askEarly(team ? `/v1/today?team=${encodeURIComponent(team)}` : "/v1/today")
  void import("./pages/today/page")
}
void import("./start")
askEarly("/v1/shop")
