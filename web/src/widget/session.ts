/** Opens a conversation, renews the token of ours, or finds that of the person whom the host's server vouches for. */
import type { Session } from "./protocol";

export async function openSession(
  origin: string,
  inbox: string,
  token: string | undefined,
  identity?: string,
): Promise<Session> {
  const response = await fetch(`${origin}/api/chat/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...(token ? { token } : {}), ...(inbox ? { inbox } : {}), ...(identity === undefined ? {} : { identity }) }),
  });
  if (!response.ok) throw new Error(`session ${response.status}`);
  return (await response.json()) as Session;
}
