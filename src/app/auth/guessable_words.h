// Words and names that common passwords consist of: lower case, without accents, sorted by their bytes.
#pragma once

#include <string_view>

namespace bodega::app {

// The words, separated by single spaces.
inline constexpr std::string_view kGuessableWords =
    "123abc 123qwe 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc a1b2c3 a1b2c3d4 aa12345678 aaa abc "
    "abc123 abcd abcdef abcdefg abril acceso access admin administrador administrator agosto alejandra "
    "alejandro alexander alexandra always amanda amazon amen america amigo amigos andrea andrew android "
    "angel angela angelica angelito anthony antonio anything apple april archive argentina arsenal asd123 "
    "asdf asdfgh asdfghjkl ashley asshole audi august australia austria autumn avengers azerty baby babyboy "
    "babygirl babygurl backup banana barbara barcelona baseball basketball bastard batman "
    "bayern bayernmunchen bear bears beatles beer benutzer berlin bestfriend bible bienvenido bienvenue "
    "bitch blessed blink bmw bodega bonjour brandon brasil brazil broncos brother bulldog bullshit business "
    "butter butterfly california camaro cambiame canada carlos carolina cash celtic change changeit changeme "
    "charlie cheese chelsea cherry chevrolet chicago china chocolate christ christian christina church ciao "
    "cisco clave cloud cock coffee colombia company computer confidential contrasena contraseña cookie "
    "correcthorsebatterystaple corvette cowboys cricket cristian cutie daddy daniel daniela "
    "danielle darthvader database debian december default defaultpassword demo deutschland diamond diciembre "
    "dick diego dinero diosesamor dollar dolphins domingo dortmund download dragon drive eagle eagles "
    "eduardo elizabeth eminem empresa enero england enter entrar equipo escuela espana españa estrella "
    "estudiante europa europe everything example facebook faith falcon fall familia family father febrero "
    "february fernando ferrari files firma flower flowers football forever fortnite france francisco freedom "
    "friday friend friends friendship fruhling fuck fuckme fuckoff fuckyou futbol gabriel gameofthrones "
    "gandalf geheim george germany giants ginger gloria god godisgood gold golden golf google guest "
    "guillermo guitar hallo hannah happiness happy harley harrypotter haslo heaven hello hellokitty hentai "
    "herbst hermana hermano heslo hobbit hockey hogwarts hola honda honey hunter ilove iloveme iloveu "
    "iloveyou india instagram internet invierno invitado iphone ironman italia italy january japan jasmine "
    "jedi jennifer jessica jesucristo jesus jesuschrist jetaime joker jordan jose joseph joshua juan jueves "
    "julio july june junio justin juventus killer king kitty knight ladygaga lakers lauren letmein "
    "letmeinnow liberty linkedin linkinpark linux lion liverpool lkjhgf login logon london lordoftherings "
    "losangeles love lovely loveme lover loves loveyou luck lucky luis lunes madrid maggie magic mama "
    "manager manchester manuel manutd march maria mariana mariposa martes martin marzo master matrix matthew "
    "may mayo mercedes metallica mexico michael michelle microsoft miercoles miguel million minecraft "
    "mnbvcxz mommy monday money monkey motdepasse mother music musica mustang naked naruto natalie network "
    "newyork nicole ninja nintendo nirvana nobody nokia nothing november noviembre october octubre office "
    "oficina opensesame openup operator oracle orange otono packers panther papa paris parola pass passw0rd "
    "passwd password passwort patricia patriots peace peanut pedro pepper peru phoenix pikachu pizza "
    "platinum playstation poiuyt pokemon poland polska porn porsche portugal primavera prince princesa "
    "princess privado private profesor project proyecto prueba puppy pussy q1w2e3 q1w2e3r4 q1w2e3r4t5 qazwsx "
    "qazwsxedc queen qwe123 qweasd qweasdzxc qwerty qwertz raiders rainbow ranger rangers realmadrid rebecca "
    "redsox ricardo rich richard robert roberto roblox rocknroll rockstar root rugby russia sabado salasana "
    "samantha sample samsung samuel samurai sandra saturday schalke school schule scotland sebastian secret "
    "secreto senha september septiembre server sex sexy shadow share sharing shit siempre signin silver "
    "sister skywalker slipknot smile sniper soccer soldier somebody something sommer spain spiderman spring "
    "startfinish startrek starwars steelers stephanie steven storage storehouse strawberry student summer "
    "sunday sunshine superadmin superman superuser suzuki sweetheart sweetie sysadmin system taylor teacher "
    "team teamo teamomucho temp temporal temporary tennis tequiero tequieromucho tequila test tester testing "
    "texas thomas thursday tiffany tiger tigger tits tokyo toronto toyota trabajo trial trustno trustnoone "
    "tuesday tupac twitter ubuntu united upload user username usuario valentina vanessa venezuela verano "
    "veronica victoria vienna viernes volkswagen wachtwoord warrior wednesday welcome whatever whiskey "
    "william willkommen windows winter wizard wolf wolves wonderwoman work worker xbox xxx yamaha yankees "
    "yoda youtube zaq1 zaq12wsx zaqwsx zaqxsw zxcvbn zxcvbnm zzz";

}  // namespace bodega::app
