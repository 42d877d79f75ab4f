import { isDeepStrictEqual } from 'node:util';
import type { Entity } from '../engine/objects/step-log.ts';
import type { World } from '../engine/objects/world.ts';
import { viewConn, viewSess, viewSrv } from '../engine/view/observe.ts';
import type { Change, ConnView, SessView, SrvView } from '../engine/view/view.ts';

type View = ConnView | SessView | SrvView;

/** Looks at every object before a step changes it, so that the report can show both. */
export class ChangeRecorder {
  readonly #before = new Map<Entity, View | null>();

  constructor(readonly world: World) {
    world.beforeChange = (entity) => this.#before.set(entity, this.#view(entity));
  }

  /** Nobody wants to know what has changed since the last call. */
  forget(): void {
    this.#before.clear();
  }

  /** What has changed since the last call: connections, then sessions, then servers. */
  take(): Change[] {
    const changes: Change[] = [];
    for (const kind of ['conn', 'sess', 'srv'] as const) {
      for (const [entity, before] of this.#before) {
        if (entity.kind !== kind) continue;
        const after = this.#view(entity);
        if (isDeepStrictEqual(before, after)) continue;
        changes.push({ kind, id: entity.id, before, after } as Change);
      }
    }
    this.#before.clear();
    return changes;
  }

  /** The object as it is now; null while it does not exist yet, or not any more. */
  #view(entity: Entity): View | null {
    switch (entity.kind) {
      case 'conn':
        return this.world.connections.get(entity.id) === entity
          ? viewConn(this.world, entity)
          : null;
      case 'sess':
        return this.world.sessions.get(entity.id) === entity ? viewSess(this.world, entity) : null;
      case 'srv':
        return viewSrv(this.world, entity);
    }
  }
}
