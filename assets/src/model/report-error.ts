// Shows the error of work that no view waits for. A session that ended shows itself: the call's 401 leads to the
// sign-in page.
import { isApiError } from '../api/error';
import { explain } from './error-text';
import { showError } from './toasts';

export function reportError(error: unknown): void {
    if (!isApiError(error, 'unauthenticated', 'wrong_account')) showError(explain(error));
}
