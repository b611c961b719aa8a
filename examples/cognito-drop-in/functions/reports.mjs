export async function handler(event) {
  // Before: event.requestContext.authorizer.jwt.claims.sub
  const { userId } = event.requestContext.authorizer.lambda;
  return { user: userId, reports: ["q1", "q2"] };
}
