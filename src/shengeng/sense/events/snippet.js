// What a web page loads: <script async src="https://HOST/v1/snippet.js" data-key="sgw_…"></script>
// Calls: shengeng.push(["track", "Product Viewed", {product_id: "1"}]), also page, identify, consent, reset.
// Nothing is kept or sent before consent(true), unless data-consent="given"; never with Do Not Track.
(() => {
const script = document.currentScript, set = script.dataset, store = localStorage
const url = new URL("/v1/batch", script.src).href
const quiet = navigator.doNotTrack == "1" || navigator.globalPrivacyControl
const early = window.shengeng || []
const get = name => { try { return store.getItem(name) } catch {} }
const put = (name, value) => { try { value == null ? store.removeItem(name) : store.setItem(name, value) } catch {} }
const id = () => [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, "0")).join("")
let allowed = !quiet && (set.consent == "given" || get("sg.yes") == "1")
let queue = [], flying = [], timer, failures = 0, anon
const who = () => anon || (anon = get("sg.id")) || (put("sg.id", anon = id()), anon)
const sign = batch => JSON.stringify({ writeKey: set.key, sentAt: new Date().toISOString(), batch })
const later = wait => { timer = timer || setTimeout(flush, wait) }
function flush() {
timer = 0
if (!allowed || flying.length || !queue.length) return
const me = who(), user = get("sg.user") || undefined
flying = queue.splice(0, 20).map(e => ({ anonymousId: me, userId: user, ...e }))
fetch(url, { method: "POST", body: sign(flying), credentials: "omit", keepalive: true }).then(a => {
if (a.status == 429 || a.status > 499) throw a
if (!a.ok) a.text().then(t => console.warn("shengeng", t))
failures = 0
flying = []
later(0)
}).catch(() => {
queue = flying.concat(queue)
flying = []
later(Math.min(6e4, 1e3 * 2 ** failures++) * (.5 + Math.random()))
})
}
function add(type, more) {
if (quiet || queue.length > 499) return
const { href, pathname, search } = location
queue.push({ type, messageId: id(), timestamp: new Date().toISOString(),
context: { locale: navigator.language, page: { url: href, path: pathname, search, title: document.title, referrer: document.referrer } }, ...more })
if (allowed) later(queue.length < 20 ? 1e3 : 0)
}
const calls = {
track: (event, properties) => add("track", { event, properties }),
page: (name, properties) => add("page", { name, properties }),
identify(userId, traits) {
if (allowed && userId) put("sg.user", userId)
add("identify", { userId, traits })
},
consent(yes) {
allowed = yes && !quiet
put("sg.yes", allowed ? "1" : null)
if (allowed) later(0)
else calls.reset()
},
reset() {
queue = []
anon = 0
put("sg.id")
put("sg.user")
},
push: call => calls[call[0]]?.(...call.slice(1))
}
addEventListener("pagehide", () => {
if (!allowed) return
const me = who(), user = get("sg.user") || undefined
let rest = flying.concat(queue).map(e => ({ anonymousId: me, userId: user, ...e }))
while (rest.length && navigator.sendBeacon(url, sign(rest.slice(0, 20)))) rest = rest.slice(20)
queue = rest
flying = []
})
window.shengeng = calls
early.forEach?.(calls.push)
})()
