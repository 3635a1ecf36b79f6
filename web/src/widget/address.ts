/** Paths are the server's, not those of the page that holds the chat. */
export function absolute(address: string, origin: string): string {
  return address.startsWith("/") ? new URL(address, origin).href : address;
}
