import { type Api, apiClient } from '@repo/testing/api-client';

export type { Api, ApiAnswer, ApiRequest } from '@repo/testing/api-client';

/** The address of the system under test. Whatever starts that system sets GATEWAY_URL. */
export const gatewayUrl = () => process.env.GATEWAY_URL ?? 'http://localhost:8000';

/** Sends a request to a path below `/api/v1`. */
export const api: Api = (route, request) => apiClient(`${gatewayUrl()}/api/v1`)(route, request);

/** Sends a request to a path of the gateway itself. */
export const gateway: Api = (route, request) => apiClient(gatewayUrl())(route, request);
