// What pages do beyond links and forms; everything here can be missing.
(() => {
const script = document.currentScript, key = script.dataset.key
const one = (selector, within = document) => within.querySelector(selector)
const on = (type, act) => document.addEventListener(type, act)

// Pictures change in place; without a script they open by themselves.
on("click", event => {
  const picture = event.target.closest("a[data-picture]")
  if (picture && !event.metaKey && !event.ctrlKey) {
    event.preventDefault()
    const main = one(".gallery .main img")
    main.src = picture.href
    main.alt = one("img", picture).alt
    for (const each of document.querySelectorAll("a[data-picture]")) each.removeAttribute("aria-current")
    picture.setAttribute("aria-current", "true")
  }
  if (event.target.closest("[data-close]")) one("#toast").replaceChildren()
})

// A narrow window folds the filters away.
const fold = () => {
  const folds = one("details[data-fold]")
  if (folds && matchMedia("(max-width: 1000px)").matches) folds.open = false
}
fold()
on("htmx:after:swap", fold)

// A payment that is on its way is looked at again; a receipt can be printed.
const again = one("[data-again]"), print = one("[data-print]")
if (again) setTimeout(() => location.replace(again.dataset.again), 3000)
if (print) {
  print.hidden = false
  print.addEventListener("click", () => window.print())
}

// What was looked at, only for those who agreed: the key stands on the page for nobody else.
if (!key) return
const tag = document.createElement("script")
tag.src = "/v1/snippet.js"
tag.async = true
tag.dataset.key = key
tag.dataset.consent = "given"
document.head.append(tag)
const say = (...call) => (window.shengeng = window.shengeng || []).push(call)
const facts = from => ({ product_id: from.dataset.product, sku: from.dataset.sku, name: from.dataset.title })
say("page", document.title)
const item = one(".item[data-product]"), shelf = one("#shelf"), sum = one("[data-order]"), query = one("#q")
if (item) say("track", "Product Viewed", facts(item))
if (shelf && query && query.value) say("track", "Products Searched", { query: query.value })
else if (shelf) say("track", "Product List Viewed", { list_id: location.pathname })
if (location.pathname.endsWith("/basket")) say("track", "Cart Viewed", {})
if (location.pathname.endsWith("/checkout")) say("track", "Checkout Started", {})
if (sum && sum.dataset.fresh) say("track", "Order Completed", { order_id: sum.dataset.order, currency: sum.dataset.currency, total: sum.dataset.total })
on("submit", event => {
  const from = event.target.matches("[data-add]") && event.target.closest("[data-product]")
  if (from) say("track", "Product Added", { ...facts(from), quantity: Number(new FormData(event.target).get("quantity")) })
})
})()
