import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";
import { generate } from "selfsigned";

/**
 * TLS before DynamoDB Local, which speaks plain HTTP: a function's first call on AWS has a handshake in it.
 */
export interface TlsFront {
  readonly url: string;
  /** For `NODE_EXTRA_CA_CERTS`. */
  readonly certificateFile: string;
  stop(): void;
}

/** Passes what comes by TLS on `localhost` on to `endpoint`. @param folder gets the certificate. */
export async function startTlsFront(endpoint: string, folder: string): Promise<TlsFront> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] },
    ],
  });
  const certificateFile = join(folder, "certificate.pem");
  await writeFile(certificateFile, cert);
  const { hostname, port } = new URL(endpoint);
  const server = createServer({ key, cert }, (incoming) => {
    const passed = connect(Number(port), hostname);
    // A function's process ends without closing what it opened.
    incoming.on("error", () => passed.destroy()).on("close", () => passed.destroy());
    passed.on("error", () => incoming.destroy());
    incoming.pipe(passed).pipe(incoming);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    certificateFile,
    stop: () => void server.close(),
  };
}
