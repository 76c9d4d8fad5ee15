/**
 * A file on the disk that a page may read again after a reload, where the platform gives such a thing.
 */

/** File System Access API, where the platform has it. */
export interface FileHandle {
  getFile(): Promise<Blob>;
  queryPermission?(of: { mode: 'read' }): Promise<string>;
}

/** Whether a file may be read again without the person being asked. */
export async function mayRead(handle: unknown): Promise<boolean> {
  const { getFile, queryPermission } = (handle ?? {}) as Partial<FileHandle>;
  if (typeof getFile !== 'function') return false;
  const told = queryPermission?.call(handle, { mode: 'read' }) ?? 'granted';
  return (await Promise.resolve(told).catch(() => '')) === 'granted';
}
