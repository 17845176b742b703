import type { FetchRecord } from '../../model/record.ts';
import type { Sink } from '../sink.ts';
import { openFolderSync } from '../folder-sync.ts';
import { openFolder, type FolderSettings, type SaveBody } from './folder.ts';

/** Files written at once: enough for the four threads that Node writes with, and a network drive. */
const mostAtOnce = 16;

/** Opens the folder; records come to the sink when their bodies have been saved there. */
export function savingTo(directory: string, settings: FolderSettings): (sink: Sink) => Sink {
  const save = openFolder(directory, settings);
  const folder = settings.isSynced ? openFolderSync(directory) : undefined;
  return (sink) => ({
    name: sink.name,
    async write(batch) {
      const saved = await saveAll(batch, save);
      await folder?.sync();
      await sink.write(saved);
    },
    close() {
      folder?.close();
      return sink.close();
    },
  });
}

/** In their order. The first fault stops the rest, and is thrown when what is under way has ended. */
async function saveAll(batch: readonly FetchRecord[], save: SaveBody): Promise<FetchRecord[]> {
  const saved = [...batch];
  const waiting = saved.entries();
  const faults: unknown[] = [];
  const work = async () => {
    for (const [at, record] of waiting) {
      try {
        saved[at] = await save(record);
      } catch (error) {
        faults.push(error);
      }
      if (faults.length > 0) {
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: mostAtOnce }, work));
  if (faults.length > 0) {
    throw faults[0];
  }
  return saved;
}
