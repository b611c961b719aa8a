import type { GatewayResponse } from "../gateway/proxy-response.ts";
import { deviceOrigin, DEVICES, labOrigin, LAB_PATH, type Place } from "./hosts.ts";
import { createAssets, isAsset, type AssetName } from "./assets.ts";

/** What a page of the lab may do: nothing but what is said here. */
function policyOf(page: AssetName, port: number): string {
  const frames = DEVICES.map((_, device) => deviceOrigin(device, port)).join(" ");
  const sources: Partial<Record<AssetName, readonly string[]>> = {
    "lab.html": ["connect-src 'self'", `frame-src ${frames}`, "frame-ancestors 'none'"],
    "device.html": ["connect-src 'self'", "frame-src 'self'", `frame-ancestors ${labOrigin(port)}`],
    "entry.html": [`connect-src ${labOrigin(port)}`, "frame-ancestors 'none'"],
  };
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    ...(sources[page] ?? []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** The page that each place has at the lab's path; elsewhere it shows the way. */
const PAGES = { lab: "lab.html", device: "device.html", elsewhere: "entry.html" } as const satisfies Record<
  Place["place"],
  AssetName
>;

/** Answers requests for the lab's pages and their files; `undefined` for any other path. */
export function createLabPages(
  port: number,
): (path: string, place: Place["place"]) => Promise<GatewayResponse> | undefined {
  const asset = createAssets();

  async function answer(name: AssetName): Promise<GatewayResponse> {
    const { contentType, body } = await asset(name);
    return {
      status: 200,
      headers: [
        ["content-type", contentType],
        ["content-security-policy", policyOf(name, port)],
        ["x-content-type-options", "nosniff"],
        ["referrer-policy", "no-referrer"],
        ["cache-control", "no-store"],
      ],
      body,
    };
  }

  return function pageAt(path, place) {
    if (path === LAB_PATH || path === `${LAB_PATH}/`) return answer(PAGES[place]);
    const name = path.slice(LAB_PATH.length + 1);
    return isAsset(name) && !name.endsWith(".html") ? answer(name) : undefined;
  };
}

const FRAMED = Buffer.from(`<script type="module" src="${LAB_PATH}/framed.js"></script>`);

/**
 * A page of the stack with the lab allowed to frame it, and kept from taking the lab's focus. On the lab's
 * own hosts only: at any other, and on AWS, it stays as the template has it.
 */
export function framedByLab(response: GatewayResponse, port: number): GatewayResponse {
  const headers = response.headers
    .filter(([name]) => name !== "x-frame-options")
    .map(([name, value]): readonly [string, string] =>
      name === "content-security-policy"
        ? [name, value.replace(/frame-ancestors [^;]*/, `frame-ancestors 'self' ${labOrigin(port)}`)]
        : [name, value],
    );
  return { ...response, headers, body: withFramed(response) };
}

/** Scripts of modules run in their order, the page's own after this one. */
function withFramed({ headers, body }: GatewayResponse): Buffer {
  const type = headers.find(([name]) => name === "content-type")?.[1] ?? "";
  const at = type.startsWith("text/html") ? body.indexOf("<script") : -1;
  return at < 0 ? body : Buffer.concat([body.subarray(0, at), FRAMED, body.subarray(at)]);
}
