// The search by name.
export const search = {
    'search.begin': 'Search by name',
    'search.begin_text': 'Part of a file’s or folder’s name is enough.',
    'search.everywhere': 'All spaces',
    'search.found': { one: '{n} found', other: '{n} found' },
    'search.label': 'Search',
    'search.many': 'More than {n} found',
    'search.none': 'Nothing is called “{q}”',
    'search.none_text': 'Try fewer letters, or look in all spaces.',
    'search.of': 'Search: {q}',
    'search.placeholder': 'Search',
    'search.scope': 'Where to search',
};
