import { type Api, createApi } from '@repo/api-client';

/** The functions of `expo-secure-store`. */
export interface SecureStore {
  getItemAsync(key: string): Promise<string | null>;
  setItemAsync(key: string, value: string): Promise<void>;
  deleteItemAsync(key: string): Promise<void>;
}

const KEY = 'refresh_token';

/** The API of an app, with the session of its last start. */
export async function openApi(gatewayUrl: string, store: SecureStore): Promise<Api> {
  return createApi(gatewayUrl, {
    refreshToken: (await store.getItemAsync(KEY)) ?? undefined,
    onRefreshToken(token) {
      const stored = token ? store.setItemAsync(KEY, token) : store.deleteItemAsync(KEY);
      stored.catch((error: unknown) => console.warn('The login is not kept until the next start.', error));
    },
  });
}
