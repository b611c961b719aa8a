import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from "aws-lambda";

interface Caller {
  userId: string;
  sessionId: string;
  isAdmin: boolean;
  permissions: string[];
}

export const handler = async (event: APIGatewayProxyEventV2WithLambdaAuthorizer<Caller>) => {
  const { userId, isAdmin } = event.requestContext.authorizer.lambda;
  return { statusCode: 200, body: `reports of ${userId}${isAdmin ? ", an administrator" : ""}` };
};
