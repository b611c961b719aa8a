import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

const lambda = new LambdaClient();

/** `POST /sign-in {"code": "…"}`: checks the code in its own way, and starts a session. */
export async function handler(event) {
  const person = await authenticate(JSON.parse(event.body ?? "{}"));
  if (person === undefined) return { statusCode: 401 };
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({
      FunctionName: process.env.LOGIN_FUNCTION,
      Payload: JSON.stringify({
        // Canonical, so that one person is one user: trimmed, lower case, NFC.
        user: { id: person.email.trim().toLowerCase().normalize("NFC"), permissions: person.roles },
        device: {
          userAgent: event.headers["user-agent"],
          address: event.requestContext.http.sourceIp,
        },
      }),
    }),
  );
  if (FunctionError !== undefined) throw new Error("The login function failed; its log says why.");
  const login = JSON.parse(Buffer.from(Payload).toString());
  if ("code" in login) return { statusCode: login.status, body: JSON.stringify(login) };
  const { token, user, session, displaced } = login;
  const expires = new Date(session.expiresAt).toUTCString();
  const cookie = `__Host-session=${token}; Path=/; Secure; HttpOnly; SameSite=Lax; Expires=${expires}`;
  return { statusCode: 201, cookies: [cookie], body: JSON.stringify({ user, displaced }) };
}

/** Yours: a one-time code, a smart card, an existing login. */
async function authenticate({ code }) {
  return code === "demo" ? { email: "Alice@example.com", roles: [] } : undefined;
}
