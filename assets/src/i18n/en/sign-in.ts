// Set-up, sign-in and sign-out.
export const signIn = {
    'account.invalid':
        'That user name or password can’t be used. A password needs at least {n} characters and must not be a common one.',
    'account.password': 'Password',
    'account.password_hint':
        'At least {n} characters, and nothing that everybody tries: no “password123”. A few words are good.',
    'account.username': 'User name',
    'account.username_blank': 'A user name has no spaces. Try “{name}”.',
    'account.username_characters':
        'A user name begins with a letter or a digit and has letters, digits and . _ - @ + only.',
    'account.username_long': 'A user name has at most {n} characters.',
    'session.now': 'You are {name} now: that account signed in in this browser. What you asked for was not done.',
    'setup.bad_token': 'This link is not valid any more. Start bodega again: it prints a new one.',
    'setup.go': 'Create and enter',
    'setup.no_token':
        'Open the address that bodega printed when it started; the secret in it proves that the server is yours.',
    'setup.over': 'bodega is ready',
    'setup.over_text': 'It was set up already. Sign in.',
    'setup.text': 'Choose how you will sign in. You will be the administrator.',
    'setup.title': 'Welcome to your bodega',
    'sign_in.ended': 'Your session has ended. Sign in again to continue where you were.',
    'sign_in.go': 'Sign in',
    'sign_in.other_tab': 'You signed out in another tab.',
    'sign_in.title': 'Sign in',
    'sign_in.wrong': 'That user name and password don’t match. Check them and try again.',
    'sign_out.uploads': {
        one: '{n} upload is not finished. Signing out stops it, and what was sent of it is lost.',
        other: '{n} uploads are not finished. Signing out stops them, and what was sent of them is lost.',
    },
};
