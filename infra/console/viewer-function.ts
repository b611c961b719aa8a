import { VIEWER_HEADERS } from "../../src/runtime/function-settings.ts";

/**
 * The code of the CloudFront function before each API behaviour: it says who the viewer is and which host was
 * asked, in place of whatever the viewer sent under those names. The API itself sees the edge's address, and
 * a `Host` of its own.
 */
export const VIEWER_FUNCTION = `function handler(event) {
  var request = event.request;
  request.headers["${VIEWER_HEADERS.address}"] = { value: event.viewer.ip };
  request.headers["${VIEWER_HEADERS.host}"] = { value: request.headers.host.value };
  return request;
}
`;
