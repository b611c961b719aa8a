import { problemType } from "../../src/api/parts/problem-type.ts";

/** The files of the built page beside its `assets/`, and its configuration. */
const ROOT_FILES = ["index.html", "config.json", "favicon.svg"];

/**
 * The code of the CloudFront function before the page's own files. S3 would answer a path that it has no file
 * for with an error in XML, and the distribution cannot replace that: its error pages would replace the API's
 * answers too. So this function decides by the path: a file goes to S3; an address that a person opened gets
 * the page, which says that there is no such page; all else, and all below a path of the API, is 404 as the
 * API says it (RFC 9457).
 * @param apiFolders the first segments of the API's paths: `admin` of `/admin/sessions`.
 */
export function pageFunction(apiFolders: readonly string[]): string {
  const notFound = {
    type: problemType("not_found"),
    status: 404,
    title: "Not Found",
    code: "not_found",
    detail: "There is nothing at this address.",
  };
  return `var FILES = ${JSON.stringify(["", ...ROOT_FILES])};
var API = ${JSON.stringify(apiFolders)};
function handler(event) {
  var request = event.request;
  var isRead = request.method === "GET" || request.method === "HEAD";
  var path = request.uri.slice(1);
  if (isRead && (FILES.indexOf(path) >= 0 || path.indexOf("assets/") === 0)) return request;
  var accept = request.headers.accept ? request.headers.accept.value : "";
  if (isRead && accept.indexOf("text/html") >= 0 && API.indexOf(path.split("/")[0]) < 0) {
    request.uri = "/index.html";
    return request;
  }
  return {
    statusCode: 404,
    statusDescription: "Not Found",
    headers: {
      "content-type": { value: "application/problem+json" },
      "cache-control": { value: "no-store" },
      "x-content-type-options": { value: "nosniff" }
    },
    body: ${JSON.stringify(JSON.stringify(notFound))}
  };
}
`;
}
