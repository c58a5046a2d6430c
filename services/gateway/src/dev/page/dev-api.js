/** What the development server offers: which gateways there are, and tokens for anyone. */

/** The gateways and channels; one gateway at this address where the server does not say. */
export async function fetchInfo() {
  const response = await fetch('/dev/info');
  const info = response.ok ? await response.json() : {};
  const gateways = info.gateways?.length > 0 ? info.gateways : [{ id: 'gateway', url: location.origin }];
  const channel = (info.channels?.[0] ?? 'chat:lobby').replaceAll('*', 'lobby');
  return { gateways: gateways.map(({ id, url }) => ({ id, url: endpoint(url) })), channel };
}

/** A token for `user`. */
export async function fetchToken(user) {
  const response = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user }),
  });
  if (!response.ok) throw new Error(`the token issuer answered ${response.status}`);
  return (await response.json()).token;
}

/** The WebSocket address of a gateway, whichever way the server names it; a phone does not reach it as localhost. */
function endpoint(address) {
  const url = new URL(address, location.href);
  if (url.hostname === 'localhost') url.hostname = location.hostname;
  url.protocol = url.protocol.replace('http', 'ws');
  if (url.pathname === '/') url.pathname = '/v1/ws';
  return url.href;
}
