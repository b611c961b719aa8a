export async function handler(event) {
  const { userId, isAdmin, permissions } = event.requestContext.authorizer.lambda;
  return { user: userId, isAdmin, permissions, reports: ["q1", "q2"] };
}
