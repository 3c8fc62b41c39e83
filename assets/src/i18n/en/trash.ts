// The trash.
export const trash = {
    'trash.download': 'Download',
    'trash.empty': 'Empty the trash',
    'trash.empty_ask': 'All that is in the trash of “{name}” is deleted for good. This can’t be undone.',
    'trash.erase': 'Delete for good',
    'trash.erase_ask': {
        one: '“{name}” is deleted for good, with all its versions. This can’t be undone.',
        other: '{n} items are deleted for good, “{name}” among them. This can’t be undone.',
    },
    'trash.folder_empty': 'Nothing in it',
    'trash.folder_empty_text': 'What it held was restored or deleted before.',
    'trash.folder_gone': 'a folder that is gone',
    'trash.folder_note': 'In the trash. What you restore from here goes to where “{name}” was.',
    'trash.note': 'What was deleted in this space.',
    'trash.note_days': {
        one: 'What was deleted in this space. After a day here it is deleted for good.',
        other: 'What was deleted in this space. After {n} days here it is deleted for good.',
    },
    'trash.of': 'Trash of',
    'trash.open': 'Open',
    'trash.restore': 'Restore',
    'trash.title': 'Trash',
};
