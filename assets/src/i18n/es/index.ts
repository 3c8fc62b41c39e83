// Español, de tú, con el vocabulario de América Latina.
import { actions } from './actions';
import { audit } from './audit';
import { errors } from './errors';
import { details } from './details';
import { files } from './files';
import { jobs } from './jobs';
import { layout } from './layout';
import { nodes } from './nodes';
import { preview } from './preview';
import { profile } from './profile';
import { search } from './search';
import { signIn } from './sign-in';
import { spaces } from './spaces';
import { trash } from './trash';
import { uploads } from './uploads';
import { users } from './users';
import type { en } from '../en';
import type { Translation } from '../texts';

export const es: Translation<typeof en> = {
    ...actions,
    ...audit,
    ...errors,
    ...details,
    ...files,
    ...jobs,
    ...layout,
    ...nodes,
    ...preview,
    ...profile,
    ...search,
    ...signIn,
    ...spaces,
    ...trash,
    ...uploads,
    ...users,
};
