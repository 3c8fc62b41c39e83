// The nodes of the fleet, for administrators.
import { call } from './call';
import { path } from './url';
import type { Fleet } from './shapes';

export const fleet = (signal?: AbortSignal): Promise<Fleet> => call('GET', path`nodes`, { signal, patient: false });
