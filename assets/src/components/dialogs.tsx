// The dialogs that are open.
import type { ComponentChildren } from 'preact';
import { dialogs, type Question } from '../model/dialogs';
import { ConfirmDialog } from './confirm-dialog';
import { NameConflictDialog } from './name-conflict';

export function Dialogs() {
    return (
        <>
            {dialogs.value.map(({ id, view, question }) => (
                <Slot key={id}>{question ? <QuestionDialog question={question} /> : view}</Slot>
            ))}
        </>
    );
}

function QuestionDialog({ question }: { question: Question }) {
    switch (question.kind) {
        case 'confirmation':
            return <ConfirmDialog {...question.of} answer={question.answer} />;
        case 'name-conflict':
            return <NameConflictDialog {...question.of} close={question.answer} />;
    }
}

const Slot = ({ children }: { children: ComponentChildren }) => <>{children}</>;
