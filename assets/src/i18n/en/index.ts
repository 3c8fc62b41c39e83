// English. Its keys are the keys of every language: a translation does not compile without them.
// {name} is replaced by a value; {one, other} are plural forms, chosen by n.
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

export const en = {
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
