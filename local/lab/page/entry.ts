/** Shows the way to the lab's own host, as far as this browser can go there. */
import { byId, h } from "./dom.ts";

const port = location.port === "" ? "" : `:${location.port}`;
const lab = `http://lab.localhost${port}/_local`;

try {
  await fetch(`${lab}/lab.css`, { mode: "no-cors" });
  location.replace(lab);
} catch {
  const addresses = ["127.0.0.1", "[::1]"].map((host) => `http://${host}${port}/`);
  byId("way").replaceChildren(
    "This browser finds no host below localhost, which the devices need: Chrome, Edge and Firefox do. " +
      "Or have two devices without the lab, in two windows: ",
    ...addresses.flatMap((address) => [h("a", { href: address }, address), " "]),
  );
}
