/**
 * The passwords that guessing starts with, in lower case, of eight characters and more. Most come from the
 * frequency list of zxcvbn (MIT, Copyright 2012-2016 Dan Wheeler and Dropbox, Inc.).
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  0.0.0.000 00000000 000000000 0000000000 01020304 0123456789 0192837465 0987654321 0987654321q 0o9i8u7y
  10203040 1020304050 10293847 1029384756 11001001 11111111 11112222 1111qqqq 111222333 11223344 1122334455
  112233445566 11235813 1123581321 12131415 12312312 1232323q 123321123 12344321 1234509876 12345123 123454321
  1234554321 123456123 123456654321 12345677 12345678 123456789 1234567890 1234567890a 1234567890q 1234567890z
  1234567891 12345678910 1234567899 123456789987654321 123456789a 123456789d 123456789m 123456789o 123456789q
  123456789qwe 123456789r 123456789s 123456789v 123456789z 12345678a 12345678q 12345679 1234567a 1234567aa
  1234567q 12345687 123456987 123456aa 123456as 123456qqq 123456qw 123456qwe 123456qwerty 123456ru 12345abc
  12345qaz 12345qwe 12345qwer 12345qwert 12345qwerty 12348765 12349876 1234abcd 1234asdf 1234qwer 1234rewq
  1234zxcv 123581321 12365478 123654789 12369874 123698745 123789456 123qq123 123qwe123 123qweasd 123qweasdzxc
  123qwert 123qwerty 12qw12qw 12qw34er 12qwaszx 13243546 134679852 1357908642 135792468 1357924680 135798642
  14725836 147258369 14785236 147852369 14789632 147896325 14881488 15426378 159753456 18121812 18436572
  19283746 192837465 1a2b3c4d 1a2s3d4f 1a2s3d4f5g 1michael 1million 1mustang 1passwor 1password 1q2q3q4q
  1q2w3e4r 1q2w3e4r5 1q2w3e4r5t 1q2w3e4r5t6y 1qa2ws3ed 1qaz2wsx 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qazxsw2
  1qazxsw23edc 1qazzaq1 1qw23er4 1x2zkg8w 1z2x3c4v 1z2x3c4v5b 22222222 22446688 23skidoo 24681012 25800852
  25802580 27731828 2wsx3edc 31415926 321654987 33333333 369258147 3edc4rfv 3rjs1la7qe 44332211 44444444
  45m2do5bs 4815162342 55555555 55bgates 5wr2i7h8 66613666 66666666 69camaro 73501505 74108520 74123698
  741258963 741852963 77777777 7777777a 78945612 789456123 7894561230 789632145 789654123 7ugd5hip2j 87654321
  88888888 8j4ye3uz 911turbo 918273645 9293709b13 963258741 963852741 987456321 987654321 987654321a 99999999
  a1234567 a12345678 a123456789 a1a2a3a4 a1b2c3d4 a1b2c3d4e5 a1s2d3f4 a1s2d3f4g5 aa123456 aaaa1111 aaaaaaaa
  aardvark abc12345 abc123456 abcd1234 abcdefg1 abcdefgh abcdefghi aberdeen abnormal abracadabra abrakadabra
  acapulco access14 access99 achilles acidburn adgjmptw admin123 admin1234 adminadmin administrador
  administrator adrenalin aerosmit agent007 airborne airforce airplane alabama1 albatros alcatraz alejandr
  aleksandr aleksandra alessand alessandro alex1234 alexande alexander1 alexandr alexandre alfarome aligator
  alleycat allison1 allnight allstate alpha123 alphabet alterego ambrosia america1 amethyst amsterda amsterdam
  anaconda anakonda anastasi anastasiya andromed andromeda andyod22 angel123 angel666 anhyeuem antelope
  anthony1 anthony7 apollo11 apollo13 apple123 applepie aquarius arcangel archange archangel architec argentin
  arizona1 armageddon armagedon armstron arsenal1 as123456 asdasd123 asdf1234 asdfasdf asdffdsa asdfg123
  asdfgh01 asdfghjk asdfghjkl asdfghjkl1 asdfqwer asdfzxcv asdqwe123 aspirine assassin atlanta1 atlantis
  atreides augustin austin31 australi autumn2024 autumn2025 autumn2026 avalanch awesome1 azertyui azertyuiop
  azsxdcfv babemagn babemagnet baberuth babybear babyblue babycake babydoll babyface babygirl babylon5
  babylove backbone backdoor badabing bajingan balloons baltimor baracuda barbados barbara1 barcelon barcelona
  barefoot baritone barselona baseball baseball1 basketba basketbal batman12 bcfields bearcats beatles1
  beautifu beckham7 beefcake beethove bellagio benessere bergkamp bernhard bettyboo bettyboop bigblack
  bigblock bigbucks bigmoney bigpoppa bigtruck billabon billabong billybob billyboy binladen biohazard
  bionicle bismarck bismilla bismillah blackberry blackbir blackbird blackcat blackdog blackhaw blackhawk
  blackice blackjac blackjack blacklab blackops blackout blahblah blessing blink182 blizzard blowfish blue1234
  blueball bluebell blueberr bluebird blueeyes bluefish bluejays bluemoon bluesman bluestar bobafett bobdylan
  bobmarley bollocks bookworm boomboom borabora bordeaux borussia bradley1 brandon1 braveheart brighton
  broncos1 brooklyn browndog brucelee bubba123 bubbles1 buckeyes buckshot buckwhea budapest buddy123 buddyboy
  buddydog budlight budweise budweiser buffalo1 bukowski bulldog1 bulldogs bullfrog bullseye buster12 bynthytn
  cabernet cadillac caliente californ caligula calimero callisto camaross cambiami cambridg cameltoe cameron1
  candyman cannibal cantona7 capetown capitals capoeira capricor capricorn capslock captain1 cardinal care1839
  carebear carlitos carnival carolina carpedie carpediem carpente cartman1 cartoons casablanca casanova
  cashflow cashmone cashmoney cassandr catfight catherin catwoman cavalier cbr900rr cdtnkfyf cerberus cfitymrf
  chainsaw challeng champion changeme changeme1 changeme123 chargers charisma charles1 charlie1 charlie2
  charlott charlton checkers checkmat cheerleaers chelsea1 cherokee cherries cheshire chester1 chevelle
  chevrole chevrolet chevys10 chewbacc cheyenne chicago1 chicken1 chickens chickenwing101 chipmunk chocolat
  choochoo chopper1 chris123 chrisbln christia christin christma christop christophe chrysler chuckles
  churchil cinnamon civilwar cjkysirj clarinet classics claudia1 claymore cleopatr clevelan clippers close-up
  cnfybckfd cobra427 cocacola coldbeer coldplay colombia colorado coltrane comanche comicbookdb commande
  commando computer computer1 concorde concrete consumer contortionist cooldude coolhand coolness copenhag
  corleone correcthorsebatterystaple corvette cosworth coventry cowboys1 crazybab crazyman creative creepers
  crescent cricket1 crjhgbjy crusader crystal1 culinary cutiepie cyclones cygnusx1 daedalus dagobert daisydog
  dallas22 daniel12 dannyboy daredevi daredevil darkange darkangel darklord darkness darkside darkstar
  darthvad david123 daydream dbrnjhbz deadhead deadpool deadspin death666 deathnote deepthroat deerhunt
  deeznutz default1 default123 defender deftones delpiero demon666 derparol designer destiny1 detroit1
  devil666 devildog devilman dfcbkbcf dfktynby dfktynbyf diamante diamond1 diamonds dietcoke digital1 dilbert1
  dilligaf dima1995 dingdong dinosaur dipstick dirtbike dirtydog discover dkflbckfd dkflbvbh doberman dodgeram
  dodgers1 doghouse dogpound dolemite dolphin1 dolphins domenico dominika dominion dominiqu dontknow doomsday
  dortmund doughboy douglas1 downhill dragon01 dragon12 dragon123 dragon69 dragonba dragonball dragonballz
  dragonfl dragonfly dragster dreamcas dreamcast drowssap drpepper drummer1 dthjybrf dtkjcbgtl dtxyjcnm
  dutchess dutchman dynamite earnhard earthlin earthlink eastside eastwood eatmenow eclipse1 eggplant einstein
  ekaterina elcamino eldiablo eldorado electric electron elephant elisabet elizabet elizaveta embalmer
  enforcer engineer england1 enternow enterpri enterprise ericsson escalade escorpio espresso eternity
  euphoria evanescence evangeli evangelion everlast evolutio excalibu excalibur explorer f00tball fairlane
  fandango fantasia fantasti fantasy1 fantomas farscape fastball favorite2 favorite6 fearless feathers
  feelgood fellatio ferrari1 fgtkmcby fhvfutljy fidelity finalfantasy fireball firebird fireblad firefigh
  firehawk fireman1 firestorm firewall fishbone fishcake fisherma fisherman fishhead fishing1 fishtank
  fivestar fkbyjxrf fktrcfylh fktrcfylhf flamengo flamingo flashman flathead flexible flipflop flipper1
  florida1 flounder flvbybcnhfnjh flyers88 football football1 fordf150 fordf350 fordtruc foreplay foreskin
  forever1 forgetit formula1 forsaken foxylady francesc francisc frankie1 freckles frederik freebird freedom1
  freedom2 freefall freeuser freewill frenchie friday13 friends1 friendster front242 frontier fruitbat
  fujifilm fullback fullmoon funstuff funtimes fussball futurama futyn007 fuzzball fyfcnfcbz fyfnjkbq fyutkbyf
  fyutkjxtr gabriel1 gabriell gallaries gamecube gameover gandalf1 gangster gannibal garfield gargoyle
  gateway1 gateway2 gatorade gbhfvblf general1 genesis1 georgia1 geronimo gesperrt getmoney gfgfvfvf gfhjkm123
  gfhjkmgfhjkm ghbdtn123 ghbdtnbr ghbdtndctv ghbdtnrfrltkf ghblehjr ghbywtccf ghhh47hj7649 ghjcnbnenrf
  ghjcnjgfhjkm ghjcnjnfr ghjuhfvvf ghostrider gianluca gigabyte gizmodo1 gladiato gladiator glendale gn56gn56
  godbless godfathe godfather godsmack godspeed godzilla gogators goldeney goldeneye goldfing goldfish
  goldstar goldwing golfball good123654 goodgirl goodluck goodtime goodyear goofball gordon24 gotohell
  graywolf greatone greedisgood green123 greenbay greenday greenman greentea gregory1 greywolf groupd2013
  gsxr1000 gtnhjdbx guardian guest123 guillaum guillerm guinness hairball halflife hallo123 hallowee handball
  handyman hannibal happines happy123 happyday happyman hardball hardrock hardwood harrypotter hattrick
  hawaii50 hawaiian hawkeyes hawthorn hayabusa heather1 hedgehog heineken hellfire hello123 hellokitty
  hellsing hellyeah hercules herewego hetfield highbury highheel highland highlander highlife hillbill
  hillside hollywoo homebrew homemade homepage hondacbr honeybee honeybun hongkong honolulu hooligan hoosiers
  hooters1 horseman horsemen hotstuff hounddog houston1 htubcnhfwbz hugoboss hunter12 hurrican huskers1
  hyperion icehouse idontkno idontknow ihateyou ilikepie illmatic illusion ilovegod iloveyou iloveyou1
  iloveyou123 iloveyou2 ilya1234 immortal implants india123 infiniti infinity insomnia inspiron interacial
  intercourse internet internet1 intrepid inuyasha ireland1 irishman ironmaiden islander istanbul istheman
  italiano iverson3 jackson1 jackson5 james007 james123 jamesbon jamesbond japanees jasmine1 jayhawks jediknig
  jeepster jefferso jeffrey1 jellybea jellybean jennifer1 jessica1 jessica2 jiggaman johannes johncena
  johndeer johngalt johnson1 jordan23 josephin joystick junkmail jupiter1 jupiter2 jurassic just4fun justdoit
  justice1 justinbieber juventus kakashka kamikadze kamikaze kangaroo karolina katarina katerina kawasaki
  kazantip kcchiefs kcj9wx5n kenneth1 kennwort kenworth keyboard keystone kfcnjxrf kickflip kikimora killbill
  kingfish kingkong kingston kissmyas kittycat kittykat kjrjvjnbd kleopatra klondike knickerless knickers
  knuckles komputer konstantin kordell1 koroleva krasotka kristen1 kristin1 krokodil labrador lacrimosa
  lacrosse laetitia lakeside lakewood lalakers lamborghini lancelot landrove lapochka laserjet lasvegas
  lavalamp leavemealone lebowski leedsutd left4dead lemonade lenochka leonidas letmein1 letmein123 letmein2
  letmeinn letmesee letsdoit lfitymrf libertad liberty1 lifehack lighthou lightnin lightning lilwayne limewire
  lincoln1 lineage2 lionhear lionheart lionking livelife liverpoo liverpool liverpool1 livewire ljxtymrf
  lockdown lockerroom logitech lokomotiv lol12345 lollipop lollypop lonesome lonestar lonewolf longdong
  longhair longhorn longjohn longshot losangeles love1234 lovehate lovelife lowrider lucky123 luckydog
  luckyone ludacris lunchbox macaroni macdaddy macgyver macintos madagaskar madala11 madison1 madonna1
  magellan magic123 magician magicman mailcreated5240 majestic makaveli makeitso maksimka mallorca mallrats
  mamacita mamapapa mamochka manager1 manchest manchester mandarin mandrake mannheim manunited maradona
  marathon marauder marcello marcius2 margarit marijuan mariners marines1 marino13 mariposa marlboro marseill
  marseille maryjane masamune maserati mash4077 master12 master123 mastermind matchbox matthew1 matthias
  maurizio maverick maxpower maxwell1 mazafaka mazda323 mazda626 mazdarx7 meatball meatloaf mechanic megadeth
  megatron melanie1 melissa1 meowmeow mephisto mercedes mercury1 meridian mersedes metallic metallica
  metallica1 michael1 michael2 michele1 michelle1 michigan microlab microphone microsof microsoft midnight
  mike1234 milamber millenium millwall minecraft minimoni minnesot mischief misfit99 mississi modelsne
  mojojojo molly123 mollydog monalisa money123 moneyman mongoose monkey12 monkey123 monkey69 monkeybo
  monkeyboy monolith monopoly monster1 montana1 montecar monterey montgom240 montreal montrose moonbeam
  moonligh moonlight moonshin morpheus morrowind mortgage morticia mortimer motherlode motocros motocross
  motorola mountain mudvayne multiplelo munchkin mushroom musicman mustang1 mustang2 mustang5 mustang6
  mustangs myfriend mynameis mypassword myspace1 myxworld nancy123 nascar24 nastenka natalie1 natascha
  natasha1 natedogg nathanie nautilus navigator navyseal ncc1701a ncc1701d ncc1701e ncc74656 nebraska nemrac58
  netscape nevermin nevermind nevermore newcastl neworder newstart newyork1 nightmar nightowl nightwin
  nightwish nineball nineinch nintendo nirvana1 nocturne nokia123 nokia5130 nokia5530 nokia5800 nokia6233
  nokia6300 nokian73 noname123 nopassword normandy nosferatu nostromo notebook nothing1 notredam nounours
  nthvbyfnjh ntktdbpjh nuttertools nwo4life nygiants oblivion obsidian opendoor operator optimist outsider
  overkill overlord p0015123 p0o9i8u7 p4ssw0rd p@ssw0rd p@ssword pa$$word pa55w0rd pa55word packers1 paintbal
  paintball pakistan paladin1 pallmall palmtree panasoni panasonic panorama pantera1 panther1 panthers
  pantyhos papabear papamama paperino papillon paradigm paradise paramedi parlament pasadena passw0rd
  passw0rd1 passwor1 password password01 password1 password11 password12 password123 password1234
  password12345 password2 password2023 password2024 password2025 password2026 password9 password99 passwords
  passwort patches1 pathfind patrick1 patriots pavement pavilion peaches1 pearljam peekaboo penguin1 penguins
  pennywis penthous perfect1 pertinant peterbil peterpan petrovich phantom1 pharmacy phialpha philippe
  phillies phoenix1 pianoman pictuers piercing pineappl pineapple pinetree pingpong pinkfloy pinkfloyd
  pinnacle pipeline pippen33 piramida pitchers pizzahut pizzaman plastics platinum platypus playball playmate
  playstat playstation playtime plymouth poiuytrewq pokemon1 polniypizdec0211 poohbear pool6123 poontang
  poophead popcorn1 porkchop porsche1 porsche9 porsche911 portland portugal poseidon postgres postgresql
  power123 powerman preacher precious predator prelude1 presario presiden princesa princess princess1 pringles
  private1 priyanka pufunga7782 pumpkin1 pumpkins punisher punkrock puppydog q1234567 q123456789 q1q2q3q4
  q1q2q3q4q5 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 q2w3e4r5 qawsedrf qawsedrftg qaz123wsx qazwsx12 qazwsx123
  qazwsxed qazwsxedc qazwsxedc1 qazwsxedc123 qazwsxedcrfv qazxsw123 qazxswedc qq123456 quant4307s qw123456
  qwe123qwe qweasd123 qweasdzx qweasdzxc qweasdzxc123 qwedsazxc qwer1234 qwerasdf qwerasdfzxcv qwert123
  qwert12345 qwerty11 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwerty13 qwertyui qwertyuio
  qwertyuiop qwertyuiop1 r2d2c3po radiohea radiohead ragnarok raiders1 rainbow1 rainbow6 rainbows rainyday
  raistlin rammstein rangers1 rasputin rastaman raymond1 realmadrid rebecca1 reckless redalert redbaron
  reddevil reddwarf redheads redlight redskins redstorm redwings reloaded remingto renegade revoluti revolver
  rfgbnjirf rfhfvtkmrf rfhfylfi rfhlbyfk rfhnjirf rfnthbyf rfntymrf rfvfcenhf rhbcnbyf rhfcfdbwf rhfcjnrf
  rhjrjlbk rhtdtlrj riccardo richard1 riffraff rightnow riverrat riversid rjhjktdf rjirfrgbde rjycnfynby
  roadkill roadking roadrunn roadrunner roadster robotech robotics rockford rocknrol rocknroll rockstar
  rocky123 rolltide romashka ronaldinho roosters root1234 rootbeer rootroot rosebud1 rosewood runescape
  rush2112 rushmore rustydog sabrina1 sailboat salamander salasana salvator samantha sammy123 samsung1
  sandiego sandman1 sandrine sapphire sarajevo saratoga sasha123 sasha_007 satan666 sausages saxophon scarface
  scheisse scirocco scoobydo scoobydoo scooter1 scorpio1 scorpion scorpions scotland scrabble scrapper
  seahawks sealteam sebastia secret123 security segblue2 seinfeld seminole semperfi senators sentinel sephirot
  sephiroth septembe serenity sergbest sersolution service1 sfgiants shadow12 shamrock shaney14 shannon1
  sheepdog sherlock showtime shredder sidekick sigmachi silverad silverado simpsons singapor sinister sithlord
  skateboard skeeter1 skipper1 skittles skorpion skydiver skywalke skywalker slamdunk slapshot slimshad
  slimshady slipknot slippery slowhand smackdow smackdown smashing smeghead smirnoff smirnova smoke420
  smoothie snapshot sneakers snickers snoopdog snowball snowbird snowboar snowboard snowflak snuggles soccer10
  soccer11 soccer12 socrates softball softtail software sojdlg123aljg sokolova solitude sonyericsson sooners1
  sopranos soso123aljg soulmate southpar southpark southpaw spaceman sparhawk sparkles spartan1 spartans
  special1 specialk spectrum spencer1 spiderma spiderman spiderman1 spitfire splinter spongebo spongebob
  spring2024 spring2025 spring2026 sprinter sprocket squerting squirrel srinivas stallion stanislav stanley1
  starbuck starbucks starcraf starcraft stardust starfire starfish stargate starligh starlight starlite
  starship start123 startrek starwars starwars1 steelers stephani stephen1 stewart1 stickman stigmata stiletto
  stinger1 stingray stocking stonecol stonecold stonewal stoppedby stranger stratfor strawber strawberry
  streaming sublime1 success1 summer2023 summer2024 summer2025 summer2026 summer69 summer99 sundance sundevil
  sunflowe sunflower sunlight sunnyday sunshine sunshine1 super123 superbow superfly superman superman1
  supernov supernova supersecret supersonic supersta superstar superuser surveyor survivor svetlana sweetnes
  sweetness sweetpea swimming swinging swordfis swordfish sylveste syncmaster syracuse tacobell taekwondo
  tailgate talisman tamerlan tampabay tangerin tarheels tazmania technics teddybea teddybear telephon tennesse
  terminat terminator terrapin test1234 testing1 testing123 testtest thailand thanatos thankyou thebeast
  thedoors theforce thegreat therock1 thetruth thirteen thisisit threesom thuglife thumbnils thunder1 thunderb
  tiberius tickling ticklish ticktock tiffany1 tiger123 tigercat timothy1 timoxa94 tinkerbe tinkerbell
  titanium titleist tkbpfdtnf tokiohotel tomahawk tommyboy toonarmy toor1234 topolino topsecret toriamos
  tortoise tottenha tottenham toulouse translator traveler treasure treefrog trfnthbyf triangle trinitro
  trinitron trinity1 trombone trooper1 trouble1 trucking trueblue truelove truffles trumpet1 trustno1 tunafish
  turkey50 twilight ultimate umbrella underdog undertow universa user1234 username usmarine vacation vagabond
  valentin valentina valeriya valhalla valkyrie valleywa vampire1 vancouve vanessa1 vanguard vanhalen vasilisa
  vauxhall vendetta verbatim veronika vfhbyjxrf vfhufhbnf vfitymrf vflfufcrfh vfntvfnbrf vfpfafrf vfrcbvrf
  vfvfgfgf victory1 viewsoni viewsonic vikings1 viktoria viktoriya vincent1 violator violetta vipergts
  vivitron vjqgfhjkm vkontakte vladimir vladislav vodafone volkswag volleyba voyager1 vqsablpzla vsjasnel12
  wachtwoord wanderer warcraft warcraft3 wareagle warhamme warhammer warrior1 warriors washingt waterboy
  waterfal waterloo waterski wdtnjxtr weare138 webhompas webmaste webmaster websol76 websolutions wednesda
  welcome1 welcome123 welcome2 wellingt werewolf westside westwood wg8e3wjf whatever whiplash whiskers
  whistler whiteout whitesox whocares whoknows wildbill wildcard wildcats wildfire wildwood william1 windmill
  windows1 windsurf wingzero winston1 winter2023 winter2024 winter2025 winter2026 winter99 wishbone wolfgang
  wolfpack wolverin wolverine wonderboy wonderfu woodland woodstoc woodstock woodwork woofwoof wp2003wp
  wrangler wrestlin wrinkle1 wrinkles yamahar1 yankees1 yankees2 yaroslav yeahbaby yfcntymrf yjdsqgfhjkm
  yogibear yosemite z1x2c3v4 z1x2c3v4b5 zachary1 zanzibar zaq12345 zaq12wsx zaq1xsw2 zaq1zaq1 zaqwsxcde
  zaqxswcde zeppelin zerocool zildjian zxasqw12 zxcasdqwe zxcasdqwe123 zxcv1234 zxcvasdf zxcvb123 zxcvbnm1
  zxcvbnm123
  `.match(/\S+/g),
);
