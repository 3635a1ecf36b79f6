/** Where the outbox outlives a reload: IndexedDB, or memory where the browser refuses it. */
import type { Entry, OutboxStore } from "./outbox";

const STORE = "outbox";

export class MemoryOutboxStore implements OutboxStore {
  private readonly entries = new Map<string, Entry>();

  async all(): Promise<Entry[]> {
    return [...this.entries.values()];
  }
  async put(entry: Entry): Promise<void> {
    this.entries.set(entry.id, entry);
  }
  async delete(id: string): Promise<void> {
    this.entries.delete(id);
  }
  async clear(): Promise<void> {
    this.entries.clear();
  }
}

/** Can be written to at once, though opening takes a moment. `name` separates servers and inboxes on one origin. */
export function openOutboxStore(name: string): OutboxStore {
  const opened = open(name).then(
    (database): OutboxStore => new IndexedOutboxStore(database),
    () => new MemoryOutboxStore(),
  );
  return {
    all: async () => (await opened).all(),
    put: async (entry) => (await opened).put(entry),
    delete: async (id) => (await opened).delete(id),
    clear: async () => (await opened).clear(),
  };
}

class IndexedOutboxStore implements OutboxStore {
  /** Used from the first write that the browser refuses (a full disk, a private window). */
  private readonly fallback = new MemoryOutboxStore();

  constructor(private readonly database: IDBDatabase) {}

  async all(): Promise<Entry[]> {
    const kept = await this.run("readonly", (store) => store.getAll() as IDBRequest<Entry[]>).catch(() => []);
    return [...kept, ...(await this.fallback.all())];
  }
  async put(entry: Entry): Promise<void> {
    await this.run("readwrite", (store) => store.put(entry)).catch(() => this.fallback.put(entry));
  }
  async delete(id: string): Promise<void> {
    await this.fallback.delete(id);
    await this.run("readwrite", (store) => store.delete(id)).catch(() => undefined);
  }
  async clear(): Promise<void> {
    await this.fallback.clear();
    await this.run("readwrite", (store) => store.clear()).catch(() => undefined);
  }

  private run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }
}

async function open(name: string): Promise<IDBDatabase> {
  return await new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}
