// Set-up, sign-in and sign-out.
import type { signIn as english } from '../en/sign-in';
import type { Translation } from '../texts';

export const signIn: Translation<typeof english> = {
    'account.invalid':
        'Ese nombre de usuario o esa contraseña no se puede usar. Una contraseña tiene al menos {n} caracteres y no es de las que todos prueban.',
    'account.password': 'Contraseña',
    'account.password_hint':
        'Al menos {n} caracteres, y nada que todos prueben: no “password123”. Unas cuantas palabras sirven.',
    'account.username': 'Nombre de usuario',
    'account.username_blank': 'Un nombre de usuario no lleva espacios. Prueba con “{name}”.',
    'account.username_characters':
        'Un nombre de usuario empieza con una letra o un número y solo lleva letras, números y . _ - @ +.',
    'account.username_long': 'Un nombre de usuario tiene como máximo {n} caracteres.',
    'session.now': 'Ahora eres {name}: esa cuenta entró en este navegador. No se hizo lo que pediste.',
    'setup.bad_token': 'Esta dirección ya no es válida. Inicia bodega otra vez: mostrará una nueva.',
    'setup.go': 'Crear y entrar',
    'setup.no_token':
        'Abre la dirección que bodega mostró al iniciar; el secreto que lleva prueba que el servidor es tuyo.',
    'setup.over': 'bodega está lista',
    'setup.over_text': 'Ya está configurada. Ingresa.',
    'setup.text': 'Elige cómo vas a ingresar. Tú la administrarás.',
    'setup.title': 'Te damos la bienvenida a tu bodega',
    'sign_in.ended': 'Tu sesión terminó. Ingresa de nuevo para seguir donde estabas.',
    'sign_in.go': 'Ingresar',
    'sign_in.other_tab': 'Saliste en otra pestaña.',
    'sign_in.title': 'Ingresar',
    'sign_in.wrong': 'Ese nombre de usuario y esa contraseña no coinciden. Revísalos e inténtalo de nuevo.',
    'sign_out.uploads': {
        one: '{n} subida no terminó. Si sales, se detiene y lo que ya se envió se pierde.',
        other: '{n} subidas no terminaron. Si sales, se detienen y lo que ya se envió se pierde.',
    },
};
