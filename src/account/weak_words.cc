// Words that passwords are most often made of: chosen by hand for this program. English, Spanish,
// names, places, games, sport, and what people write into a password field when asked for one.
#include <algorithm>

#include "account/password_rules.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr std::string_view words = R"(
abc abc123 abcd abcde abcdef abcdefg access account action admin administrador administrator adobe
adrian africa airborne albert alberto alejandra alejandro alex alexander alexandra alexis alfredo
alice alicia alison alpha always amanda amateur america american amigo amigos amor amorcito
anderson andrea andrew andrey andy angel angela angeles angelica angelina angels animal anita anna
anthony antonio anything apollo apple apples april archie arfnet argentina ariana arsenal arthur
asdf asdfg asdfgh asdfghj asdfghjk asdfghjkl ashley ashton asshole athena atlanta atleti atletico
august austin australia autumn awesome azerty baby babyboy babygirl backup badboy bailey ballin
banana bananas bandit barbara barcelona barney baseball basket basketball batman beach bear bears
beatles beatriz beautiful beauty because beckham beer bella benfica benjamin bernard betty
bigdaddy bigdick bigdog billing billy birthday bismillah bitch black blackie blessed blink bob
bobby bollocks bond bonnie booboo boomer boston bradley brandon brandy brasil braves brazil brenda
brian bridget britney bronco broncos brooklyn brother bruno bubba bubbles buddy bulldog bullshit
buster butter butterfly calvin camaro cambiame cambio camera camila canada carlitos carlos carlota
carmen carolina caroline carter casa casey casper cassie castle catalina cats celtic center
central chance change changeit changeme charles charlie charlotte cheese chelsea chester chevy
chicago chicken chico chiquita chloe chocolate chris christ christian christina christine
christmas christopher cindy claudia clave client cliente clientes cocacola coco coffee college
colombia colorado comando company compaq computer connect connor consumer contrasena contrasenia
cookie cookies cool cooper corazon corvette cotton cowboy cowboys crazy creative cricket cristian
cristiano cristina cristo crystal cstims cuba cubs cumpleanos customer dakota dallas dance dancer
daniel daniela danielle danny dark database dave david dead debbie december default defender
delete demo denise dennis denver desktop destiny developer devil diablo diamond diana diego dinamo
dios disney doctor dodger dodgers dog doggie dolphin dolphins domingo donald dortmund dragon
dragonball dragons dreamer dreams drowssap dublin dude duke dylan eagle eagles easy eclipse eddie
eduardo edward einstein elena elephant elizabeth ella ellie elvis emerald emily eminem emma empire
england enigma enrique enter eric erika ernesto escorpion espana esperanza estrella estrellita
eternal eugene europe eva everton everything explorer extreme facebook falcon familia family
fantasy fashion father fatima february felipe felix fender fernanda fernando ferrari fiesta fire
fireball firebird firefox fireman fish fisher fishing flamengo flamingo florida flower flowers
fluffy flyers football ford forest forever forever21 forgot fortnite fortuna france francis
francisco frank frankie franklin freddy freedom french friday friend friends friendship froggy
fuck fucker fuckme fuckoff fuckyou fuckyou1 gabriel gabriela galicia games gandalf garfield
gateway gators gemini general genesis george georgia german germany ghost giants gibson ginger
girl girls gizmo gloria goat goblue god godfather gold golden goldfish golf golfer gonzalo
goodluck google gordon grace grandma green gregory guest guillermo guitar gunner hacker hammer
hamster hannah happiness happy harley harrison harry harrypotter hawaii heart heather heaven
hector helena hello hello123 hellokitty helpdesk hentai hermosa hernandez hitman hockey hola
holiday hollywood home honda honey hooters horny host hosting hotdog hotmail hottie house houston
hunter hunting iceman ignacio iloveme iloveu iloveyou imperial india indian infinity inlove
instagram internet invierno invoice ireland irene irish isabel isabella israel italia italy jack
jackass jackie jackson jacob jaguar jaime jake james jamie january japan jasmine jason javier
jeffrey jennifer jenny jeremy jerry jessica jessie jesus jesuschrist jimmy joanna joaquin joe john
johnny johnson jonathan jordan jordan23 jorge jose joseph joshua josue juan juancarlos juanita
julia julian julie julio july june junior jupiter justice justin juventus karen karina kate
katherine kathy katie katrina kawasaki kelly kenneth kevin killer killme king kingdom kingkong
kings kitten kitty klaster knight kristen kristina lakers lance laptop larry laura lauren lazio
leader legend lemon leo leon leonardo leslie letmein letmeinnow liberty life lifehack light
lincoln linda lindsay linkedin lisa little liverpool lizard login logitech lol london lonely
longhorn lorena lorenzo loser louise love lovely loveme lover lovers loveyou lucas lucia lucifer
lucky lucy luis luna machine macintosh maddog madison madonna madrid maggie magic magnum makeup
malaga mama mamacita manager manchester manchesterunited mandarin manolo manuel marco marcos
marcus margarita maria mariah mariana marie marina mario mariposa marisol mark marlboro marley
marseille marshall martha martin martina martinez marvel mary master masterkey matrix matt matthew
maverick maximus maxwell melanie melissa member mercedes merlin metallica mexico mi miami michael
michaela michelle mickey microsoft midnight miguel mike mikey miller million minecraft minnie
miranda mitchell mobile molly monday money monica monika monkey monster monsters montana moreno
morgan morning mother motorola mountain movie mozart muffin murphy music mustang mustdie my
myaccount mylife mylove myname mypass mypassword mysecret myself myspace mystery naruto nascar
natalia natalie natasha nathan naughty ncc1701 nelson network newlife newpass newpassword newuser
newyork nicholas nicole nikita ninja nintendo nirvana nissan nobody nokia none nopassword nothing
november number number1 nuria october oliver olivia open opensesame orange orlando oscar owner
oxford pablo pacific paloma pamela panda pandora panther panthers paola papa paradise paris parker
pass passcode passion passme passport passw0rd passwd password passwordpassword passwords passwort
patches patito patricia patrick patriots paul paula peace peaches peanut pedro penelope penguin
penis people pepe pepito pepper perfect perro peter phantom phoenix phone photos picasso pickle
pierre pikachu pimpin pink pirate pizza platinum playboy player playstation please pokemon police
polina poohbear pookie popcorn porn porque porsche portal portugal power precious presario preston
prince princesa princess private provider purple pussy python qazwsx qazwsxedc queen querty qwaszx
qwe qwer qwert qwerty qwertyu qwertyui qwertyuio qwertyuiop rabbit rachel racing raiders rainbow
ramirez ramon randy ranger rangers raphael raquel raul realmadrid rebecca rebelde red redskins
redsox register remember reset ricardo richard robert roberto robin rock rockstar rocky rodrigo
roger roman romance romeo ronaldinho ronaldo root rosa rosario rose rosebud roxana roxanne runner
russell russia ryan sabrina sakura salvador sam samantha samson samsung samuel sanchez sandra
santiago santos sarah sasha saturday saturn savannah scarface scarlett school scooby scooter
scorpio scorpion scott secret secreto secure security seguridad senha september serena sergey
sergio server service servidor sevilla sexy sexygirl shadow shannon shelby sherlock shit shopping
shorty sierra silver silvia simon simple simpson simpsons sister skate skippy skyline slayer
slipknot smile smiley smith smokey snickers snoopy snow snowball snowboard snowman soccer sofia
sol soleil solo sonia sonic sophie soporte soy spain spanish spanky sparky special speedy spencer
spider spiderman spring squirt stalker star stars startrek starwars steelers stefan stella
stephanie stephen steve steven sticky stone storage strawberry student stupid subaru success sugar
summer sunday sunflower sunny sunrise sunset sunshine super superman supernatural superstar
support susan susana suzuki sweet sweetheart sweetie sweety swordfish sydney sylvia system tamara
tanya taylor teacher teamo tecnico teddy tekken telefono temp temporal temporary tennis tequiero
teresa test tester testing testtest texas the thebest theman thomas thumper thunder thursday
ticket tiger tigers tigger time tina tinker tinkerbell titanic toby tomas tommy toor topsecret
tornado toronto toyota travis trinity trouble truelove trustme trustno turtle tweety twilight
twitter undertaker unicorn united universo unknown unlock user username usuario valencia valentina
valeria vampire vanessa vegeta venus verano veronica victor victoria victory viking vincent violet
viper virgin virginia vision volleyball voyager warcraft warrior warriors water webhost wednesday
welcome welcomehome westside whatever white wildcat wildcats william williams willow wilson
windows winner winston winter wisdom wizard wolf wolverine wolves women wonder worldcup wrestling
xavier xbox xiaomi xxx yamaha yankee yankees yellow yoda yomismo york you young yourself youtube
yuki zaragoza zombie zurich zxc zxcv zxcvb zxcvbn zxcvbnm
)";

}  // namespace

const std::vector<std::string_view>& weak_words() {
  static const std::vector<std::string_view> sorted = [] {
    std::vector<std::string_view> found;
    for (const auto line : split(words, '\n')) {
      for (const auto word : split(line, ' ')) {
        if (!word.empty()) found.push_back(word);
      }
    }
    std::ranges::sort(found);
    const auto [from, to] = std::ranges::unique(found);
    found.erase(from, to);
    return found;
  }();
  return sorted;
}

}  // namespace cstims
