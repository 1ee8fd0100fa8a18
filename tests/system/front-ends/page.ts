import { createApi } from '@repo/api-client';

/** A page at https://app.example.com that uses the API at https://api.example.com. */
export async function openPage(apiUrl: string, show: (text: string) => void) {
  const api = createApi(apiUrl);

  async function showUser() {
    const { data, error } = await api.GET('/api/v1/user/me');
    show(data ? `Hello, ${data.name}` : error.detail);
  }

  // After a reload the access token is gone, and the browser still has the cookie.
  if (await api.resume()) await showUser();
  else show('Log in');

  return {
    showUser,
    async signUp(user: { name: string; username: string; email: string; password: string }) {
      const { error } = await api.POST('/api/v1/user', { body: user });
      if (error) show(error.detail);
      else await this.logIn(user.username, user.password);
    },
    async logIn(username: string, password: string) {
      const { error } = await api.logIn(username, password);
      if (error) show(error.detail);
      else await showUser();
    },
    async logOut() {
      const { error } = await api.logOut();
      show(error?.detail ?? 'Log in');
    },
  };
}
