import { apiClient } from '@repo/testing/api-client';

/** Where the system is; the global setup has put it there. */
export const GATEWAY_URL = process.env.GATEWAY_URL ?? 'http://localhost:8000';

/** Paths are relative to `/api/v1`. */
export const api = apiClient(`${GATEWAY_URL}/api/v1`);

/** Paths are relative to the gateway itself. */
export const gateway = apiClient(GATEWAY_URL);
