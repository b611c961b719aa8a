export async function handler(event) {
  const { userId } = event.requestContext.authorizer;
  return { statusCode: 200, body: JSON.stringify({ user: userId, reports: ["q1", "q2"] }) };
}
