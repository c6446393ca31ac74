-- Words of tickets, so that a search finds what is written in them. A document (ticket_texts) is the opening text or one message
-- or note, each together with the subject; triggers keep the index as the rows are, whoever writes them. Events are no documents.
-- Each document but a note also holds the mark of its client, a character that no word of a text can have before the client's
-- number: a client's search asks for its own mark, so that it never meets notes or what is another's.

create table ticket_texts (
  id @ID@,
  ticket_id @INT@ not null constraint ticket_texts_ticket references tickets (id),
  entry_id @INT@ constraint ticket_texts_entry references ticket_entries (id)
);
create index ticket_texts_ticket on ticket_texts (ticket_id, id);
create index ticket_texts_entry on ticket_texts (entry_id) where entry_id is not null;
drop index tickets_search;

-- Letters and digits of all scripts make words, small and without accents: what SQLite's tokenizer does, in the same characters.
-- `translate` looks through its whole list for each character: it gets only those that stand in the text, and ASCII none.
create function search_words(content text) returns text[] language plpgsql immutable parallel safe as $$
declare
  plain text := lower(left(content, 200000) collate "C");
  others text := regexp_replace(plain, '[\u0001-\u007f]+', '', 'g');
begin
  if others = '' then
    return array(select distinct left(word, 100) from regexp_split_to_table(plain, '[^0-9a-z]+') word where word <> '');
  end if;
  others := (select string_agg(distinct letter, '') from regexp_split_to_table(others, '') letter);
  plain := translate(regexp_replace(plain, '[\u0300-\u0304\u0306-\u030c\u030f\u0311\u031b\u0323-\u0328\u032d-\u032e\u0330-\u0331]', '', 'g'), others, translate(others,
      'µÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞàáâãäåçèéêëìíîïñòóôõöùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĐĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦĨĩĪī'
      || 'ĬĭĮįİĲĴĵĶķĹĺĻļĽľĿŁŃńŅņŇňŊŌōŎŏŐőŒŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžſƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƠơƢƤƦ'
      || 'ƧƩƬƮƯưƱƲƳƵƷƸƼǄǅǇǈǊǋǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜǞǟǠǢǤǦǧǨǩǪǫǬǭǮǰǱǲǴǵǶǷǸǹǺǻǼǾȀȁȂȃȄȅȆȇȈȉȊȋȌȍȎȏȐȑȒȓȔȕȖȗȘșȚțȜȞȟȠȢȤȦȧȨȩ'
      || 'ȪȫȬȭȮȯȰȱȲȳȺȻȽȾɁɃɄɅɆɈɊɌɎͰͲͶΆΈΉΊΌΎΏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫςϏϐϑϕϖϘϚϜϞϠϢϤϦϨϪϬϮϰϱϴϵϷϹϺϽϾϿЀЁЂЃЄЅІЇЈЉЊЋЌ'
      || 'ЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯѠѢѤѦѨѪѬѮѰѲѴѶѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӁӃӅӇӉӋӍӐӒӔӖӘӚӜӞӠӢӤӦӨ'
      || 'ӪӬӮӰӲӴӶӸӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖႠႡႢႣႤႥႦႧႨႩႪႫႬႭႮႯႰႱႲႳႴႵႶႷႸႹႺႻႼႽႾ'
      || 'ႿჀჁჂჃჄჅჇჍḀḁḂḃḄḅḆḇḈḉḊḋḌḍḎḏḐḑḒḓḔḕḖḗḘḙḚḛḜḝḞḟḠḡḢḣḤḥḦḧḨḩḪḫḬḭḮḯḰḱḲḳḴḵḶḷḸḹḺḻḼḽḾḿṀṁṂṃṄṅṆṇṈṉṊṋṌṍṎṏṐṑṒṓṔṕṖṗṘṙṚ'
      || 'ṛṜṝṞṟṠṡṢṣṤṥṦṧṨṩṪṫṬṭṮṯṰṱṲṳṴṵṶṷṸṹṺṻṼṽṾṿẀẁẂẃẄẅẆẇẈẉẊẋẌẍẎẏẐẑẒẓẔẕẖẗẘẙẛẞẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂ'
      || 'ểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹỺỼỾἈἉἊἋἌἍἎἏἘἙἚἛἜἝἨἩἪἫἬἭἮἯἸἹἺἻἼἽἾἿὈὉὊὋὌὍὙὛὝὟὨὩ'
      || 'ὪὫὬὭὮὯᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾸᾹᾺΆᾼιῈΈῊΉῌῘῙῚΊῨῩῪΎῬῸΌῺΏῼΩKÅℲⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫⅬⅭⅮⅯↃⰀⰁⰂⰃⰄⰅⰆⰇⰈⰉⰊⰋⰌⰍⰎⰏⰐⰑⰒⰓⰔⰕⰖⰗ'
      || 'ⰘⰙⰚⰛⰜⰝⰞⰟⰠⰡⰢⰣⰤⰥⰦⰧⰨⰩⰪⰫⰬⰭⰮⱠⱢⱣⱤⱧⱩⱫⱭⱮⱯⱰⱲⱵⱾⱿⲀⲂⲄⲆⲈⲊⲌⲎⲐⲒⲔⲖⲘⲚⲜⲞⲠⲢⲤⲦⲨⲪⲬⲮⲰⲲⲴⲶⲸⲺⲼⲾⳀⳂⳄⳆⳈⳊⳌⳎⳐⳒⳔⳖⳘⳚⳜⳞⳠⳢⳫⳭⳲꙀꙂꙄꙆꙈꙊꙌꙎꙐ'
      || 'ꙒꙔꙖꙘꙚꙜꙞꙠꙢꙤꙦꙨꙪꙬꚀꚂꚄꚆꚈꚊꚌꚎꚐꚒꚔꚖꜢꜤꜦꜨꜪꜬꜮꜲꜴꜶꜸꜺꜼꜾꝀꝂꝄꝆꝈꝊꝌꝎꝐꝒꝔꝖꝘꝚꝜꝞꝠꝢꝤꝦꝨꝪꝬꝮꝹꝻꝽꝾꞀꞂꞄꞆꞋꞍꞐꞒꞠꞢꞤꞦꞨꞪＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲ'
      || 'ＳＴＵＶＷＸＹＺ',
      'μaaaaaaæceeeeiiiiðnoooooøuuuuyþaaaaaaceeeeiiiinooooouuuuyyaaaaaaccccccccddđeeeeeeeeeegggggggghhħiiii'
      || 'iiiiiĳjjkkllllllŀłnnnnnnŋooooooœrrrrrrssssssssttttŧuuuuuuuuuuuuwwyyyzzzzzzsɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵooƣƥʀ'
      || 'ƨʃƭʈuuʊʋƴƶʒƹƽǆǆǉǉǌǌaaiioouuuuuuuuuuaaǡǣǥggkkooooǯjǳǳggƕƿnnaaǽǿaaaaeeeeiiiioooorrrruuuussttȝhhƞȣȥaaee'
      || 'ooooooooyyⱥȼƚⱦɂƀʉʌɇɉɋɍɏͱͳͷάέήίόύώαβγδεζηθικλμνξοπρστυφχψωϊϋσϗβθφπϙϛϝϟϡϣϥϧϩϫϭϯκρθεϸϲϻͻͼͽѐёђѓєѕіїјљњћќ'
      || 'ѝўџабвгдежзийклмнопрстуфхцчшщъыьэюяѡѣѥѧѩѫѭѯѱѳѵѷѹѻѽѿҁҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӂӄӆӈӊӌӎӑӓӕӗәӛӝӟӡӣӥӧө'
      || 'ӫӭӯӱӳӵӷӹӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆⴀⴁⴂⴃⴄⴅⴆⴇⴈⴉⴊⴋⴌⴍⴎⴏⴐⴑⴒⴓⴔⴕⴖⴗⴘⴙⴚⴛⴜⴝⴞ'
      || 'ⴟⴠⴡⴢⴣⴤⴥⴧⴭaabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrr'
      || 'rrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwysßaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeee'
      || 'eeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyỻỽỿἀἁἂἃἄἅἆἇἐἑἒἓἔἕἠἡἢἣἤἥἦἧἰἱἲἳἴἵἶἷὀὁὂὃὄὅὑὓὕὗὠὡ'
      || 'ὢὣὤὥὦὧᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾰᾱὰάᾳιὲέὴήῃῐῑὶίῠῡὺύῥὸόὼώῳωkaⅎⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅺⅻⅼⅽⅾⅿↄⰰⰱⰲⰳⰴⰵⰶⰷⰸⰹⰺⰻⰼⰽⰾⰿⱀⱁⱂⱃⱄⱅⱆⱇ'
      || 'ⱈⱉⱊⱋⱌⱍⱎⱏⱐⱑⱒⱓⱔⱕⱖⱗⱘⱙⱚⱛⱜⱝⱞⱡɫᵽɽⱨⱪⱬɑɱɐɒⱳⱶȿɀⲁⲃⲅⲇⲉⲋⲍⲏⲑⲓⲕⲗⲙⲛⲝⲟⲡⲣⲥⲧⲩⲫⲭⲯⲱⲳⲵⲷⲹⲻⲽⲿⳁⳃⳅⳇⳉⳋⳍⳏⳑⳓⳕⳗⳙⳛⳝⳟⳡⳣⳬⳮⳳꙁꙃꙅꙇꙉꙋꙍꙏꙑ'
      || 'ꙓꙕꙗꙙꙛꙝꙟꙡꙣꙥꙧꙩꙫꙭꚁꚃꚅꚇꚉꚋꚍꚏꚑꚓꚕꚗꜣꜥꜧꜩꜫꜭꜯꜳꜵꜷꜹꜻꜽꜿꝁꝃꝅꝇꝉꝋꝍꝏꝑꝓꝕꝗꝙꝛꝝꝟꝡꝣꝥꝧꝩꝫꝭꝯꝺꝼᵹꝿꞁꞃꞅꞇꞌɥꞑꞓꞡꞣꞥꞧꞩɦａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒ'
      || 'ｓｔｕｖｗｘｙｚ'));
  return array(
    select distinct left(word, 100)
    from regexp_split_to_table(plain,
      '[^0-9a-z'
      || '\u00aa\u00b2-\u00b3\u00b5\u00b9-\u00ba\u00bc-\u00be\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02c1'
      || '\u02c6-\u02d1\u02e0-\u02e4\u02ec\u02ee\u0370-\u0374\u0376-\u037d\u037f-\u0383\u0386'
      || '\u0388-\u03f5\u03f7-\u0481\u048a-\u0559\u0560-\u0588\u058b-\u058e\u0590\u05c8-\u05f2\u05f5-\u05ff'
      || '\u0605\u061c-\u061d\u0620-\u064a\u0660-\u0669\u066e-\u066f\u0671-\u06d3\u06d5\u06e5-\u06e6'
      || '\u06ee-\u06fc\u06ff\u070e\u0710\u0712-\u072f\u074b-\u07a5\u07b1-\u07ea\u07f4-\u07f5'
      || '\u07fa-\u0815\u081a\u0824\u0828\u082e-\u082f\u083f-\u0858\u085c-\u085d\u085f-\u08e3'
      || '\u08ff\u0904-\u0939\u093d\u0950\u0958-\u0961\u0966-\u096f\u0971-\u0980\u0984-\u09bb'
      || '\u09bd\u09c5-\u09c6\u09c9-\u09ca\u09ce-\u09d6\u09d8-\u09e1\u09e4-\u09f1\u09f4-\u09f9\u09fc-\u0a00'
      || '\u0a04-\u0a3b\u0a3d\u0a43-\u0a46\u0a49-\u0a4a\u0a4e-\u0a50\u0a52-\u0a6f\u0a72-\u0a74\u0a76-\u0a80'
      || '\u0a84-\u0abb\u0abd\u0ac6\u0aca\u0ace-\u0ae1\u0ae4-\u0aef\u0af2-\u0b00\u0b04-\u0b3b'
      || '\u0b3d\u0b45-\u0b46\u0b49-\u0b4a\u0b4e-\u0b55\u0b58-\u0b61\u0b64-\u0b6f\u0b71-\u0b81\u0b83-\u0bbd'
      || '\u0bc3-\u0bc5\u0bc9\u0bce-\u0bd6\u0bd8-\u0bf2\u0bfb-\u0c00\u0c04-\u0c3d\u0c45\u0c49'
      || '\u0c4e-\u0c54\u0c57-\u0c61\u0c64-\u0c7e\u0c80-\u0c81\u0c84-\u0cbb\u0cbd\u0cc5\u0cc9'
      || '\u0cce-\u0cd4\u0cd7-\u0ce1\u0ce4-\u0d01\u0d04-\u0d3d\u0d45\u0d49\u0d4e-\u0d56\u0d58-\u0d61'
      || '\u0d64-\u0d78\u0d7a-\u0d81\u0d84-\u0dc9\u0dcb-\u0dce\u0dd5\u0dd7\u0de0-\u0df1\u0df5-\u0e30'
      || '\u0e32-\u0e33\u0e3b-\u0e3e\u0e40-\u0e46\u0e50-\u0e59\u0e5c-\u0eb0\u0eb2-\u0eb3\u0eba\u0ebd-\u0ec7'
      || '\u0ece-\u0f00\u0f20-\u0f33\u0f40-\u0f70\u0f88-\u0f8c\u0f98\u0fbd\u0fcd\u0fdb-\u102a'
      || '\u103f-\u1049\u1050-\u1055\u105a-\u105d\u1061\u1065-\u1066\u106e-\u1070\u1075-\u1081\u108e'
      || '\u1090-\u1099\u10a0-\u10fa\u10fc-\u135c\u1369-\u138f\u139a-\u13ff\u1401-\u166c\u166f-\u167f\u1681-\u169a'
      || '\u169d-\u16ea\u16ee-\u1711\u1715-\u1731\u1737-\u1751\u1754-\u1771\u1774-\u17b3\u17d7\u17dc'
      || '\u17de-\u17ff\u180f-\u18a8\u18aa-\u191f\u192c-\u192f\u193c-\u193f\u1941-\u1943\u1946-\u19af\u19c1-\u19c7'
      || '\u19ca-\u19dd\u1a00-\u1a16\u1a1c-\u1a1d\u1a20-\u1a54\u1a5f\u1a7d-\u1a7e\u1a80-\u1a9f\u1aa7'
      || '\u1aae-\u1aff\u1b05-\u1b33\u1b45-\u1b59\u1b7d-\u1b7f\u1b83-\u1ba0\u1bae-\u1be5\u1bf4-\u1bfb\u1c00-\u1c23'
      || '\u1c38-\u1c3a\u1c40-\u1c7d\u1c80-\u1cbf\u1cc8-\u1ccf\u1ce9-\u1cec\u1cee-\u1cf1\u1cf5-\u1dbf\u1de7-\u1dfb'
      || '\u1e00-\u1fbc\u1fbe\u1fc2-\u1fcc\u1fd0-\u1fdc\u1fe0-\u1fec\u1ff0-\u1ffc\u1fff\u2065-\u2069'
      || '\u2070-\u2079\u207f-\u2089\u208f-\u209f\u20ba-\u20cf\u20f1-\u20ff\u2102\u2107\u210a-\u2113'
      || '\u2115\u2119-\u211d\u2124\u2126\u2128\u212a-\u212d\u212f-\u2139\u213c-\u213f'
      || '\u2145-\u2149\u214e\u2150-\u218f\u23f4-\u23ff\u2427-\u243f\u244b-\u249b\u24ea-\u24ff\u2700'
      || '\u2776-\u2793\u2b4d-\u2b4f\u2b5a-\u2ce4\u2ceb-\u2cee\u2cf2-\u2cf8\u2cfd\u2d00-\u2d6f\u2d71-\u2d7e'
      || '\u2d80-\u2ddf\u2e2f\u2e3c-\u2e7f\u2e9a\u2ef4-\u2eff\u2fd6-\u2fef\u2ffc-\u2fff\u3005-\u3007'
      || '\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3040-\u3098\u309d-\u309f\u30a1-\u30fa\u30fc-\u318f\u3192-\u3195'
      || '\u31a0-\u31bf\u31e4-\u31ff\u321f-\u3229\u3248-\u324f\u3251-\u325f\u3280-\u3289\u32b1-\u32bf\u32ff'
      || '\u3400-\u4dbf\u4e00-\ua48f\ua4c7-\ua4fd\ua500-\ua60c\ua610-\ua66e\ua67f-\ua69e\ua6a0-\ua6ef\ua6f8-\ua6ff'
      || '\ua717-\ua71f\ua722-\ua788\ua78b-\ua801\ua803-\ua805\ua807-\ua80a\ua80c-\ua822\ua82c-\ua835\ua83a-\ua873'
      || '\ua878-\ua87f\ua882-\ua8b3\ua8c5-\ua8cd\ua8d0-\ua8df\ua8f2-\ua8f7\ua8fb-\ua925\ua930-\ua946\ua954-\ua95e'
      || '\ua960-\ua97f\ua984-\ua9b2\ua9ce-\ua9dd\ua9e0-\uaa28\uaa37-\uaa42\uaa44-\uaa4b\uaa4e-\uaa5b\uaa60-\uaa76'
      || '\uaa7a\uaa7c-\uaaaf\uaab1\uaab5-\uaab6\uaab9-\uaabd\uaac0\uaac2-\uaadd\uaae0-\uaaea'
      || '\uaaf2-\uaaf4\uaaf7-\uabe2\uabee-\ud7ff\uf900-\ufb1d\ufb1f-\ufb28\ufb2a-\ufbb1\ufbc2-\ufd3d\ufd40-\ufdfb'
      || '\ufdfe-\ufdff\ufe1a-\ufe1f\ufe27-\ufe2f\ufe53\ufe67\ufe6c-\ufefe\uff00\uff10-\uff19'
      || '\uff21-\uff3a\uff41-\uff5a\uff66-\uffdf\uffe7\uffef-\ufff8'
      || ']+') word
    where word <> '');
end $$;

create table ticket_search (
  id bigint not null primary key,
  words tsvector not null
);
create index ticket_search_words on ticket_search using gin (words) with (fastupdate = off);
-- A common word is found by walking from the newest, a rare one by the index: which it is, the planner knows from these.
alter table ticket_search alter column words set statistics 1000;

create function ticket_document(subject text, body text, client bigint) returns tsvector
language plpgsql immutable parallel safe as $$
begin
  return array_to_tsvector(search_words(subject || ' ' || body)
    || case when client is null then '{}'::text[] else array[E'\ue000' || client] end);
end $$;

create function ticket_opening_indexed() returns trigger language plpgsql as $$
declare
  document bigint;
begin
  insert into ticket_texts (ticket_id) values (new.id) returning id into document;
  insert into ticket_search values (document, ticket_document(new.subject, new.body, new.client_id));
  return null;
end $$;
create trigger ticket_opening_indexed after insert on tickets for each row execute function ticket_opening_indexed();

create function ticket_entry_indexed() returns trigger language plpgsql as $$
declare
  document bigint;
begin
  insert into ticket_texts (ticket_id, entry_id) values (new.ticket_id, new.id) returning id into document;
  insert into ticket_search
  select document, ticket_document(subject, new.body || ' ' || new.quoted, case new.kind when 'note' then null else client_id end)
  from tickets
  where id = new.ticket_id;
  return null;
end $$;
create trigger ticket_entry_indexed after insert on ticket_entries for each row when (new.kind <> 'event')
execute function ticket_entry_indexed();

create function ticket_texts_indexed_anew() returns trigger language plpgsql as $$
begin
  update ticket_search
  set words = ticket_document(new.subject, coalesce(entries.body || ' ' || entries.quoted, new.body),
    case entries.kind when 'note' then null else new.client_id end)
  from ticket_texts texts
  left join ticket_entries entries on entries.id = texts.entry_id
  where texts.ticket_id = new.id
    and ticket_search.id = texts.id;
  return null;
end $$;
create trigger ticket_texts_indexed_anew after update of subject, body, client_id on tickets for each row
when ((old.subject, old.body, old.client_id) is distinct from (new.subject, new.body, new.client_id))
execute function ticket_texts_indexed_anew();

-- Entries are only ever added, but should one be changed, the index follows.
create function ticket_entry_indexed_anew() returns trigger language plpgsql as $$
begin
  update ticket_search
  set words = ticket_document(tickets.subject, new.body || ' ' || new.quoted,
    case new.kind when 'note' then null else tickets.client_id end)
  from ticket_texts texts
  join tickets on tickets.id = texts.ticket_id
  where texts.entry_id = new.id
    and ticket_search.id = texts.id;
  return null;
end $$;
create trigger ticket_entry_indexed_anew after update of body, quoted, kind on ticket_entries for each row
execute function ticket_entry_indexed_anew();

create function ticket_text_forgotten() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'tickets' then
    delete from ticket_search using ticket_texts texts
    where texts.ticket_id = old.id and texts.entry_id is null and ticket_search.id = texts.id;
    delete from ticket_texts where ticket_id = old.id and entry_id is null;
  else
    delete from ticket_search using ticket_texts texts where texts.entry_id = old.id and ticket_search.id = texts.id;
    delete from ticket_texts where entry_id = old.id;
  end if;
  return old;
end $$;
create trigger ticket_opening_forgotten before delete on tickets for each row execute function ticket_text_forgotten();
create trigger ticket_entry_forgotten before delete on ticket_entries for each row execute function ticket_text_forgotten();

-- What is there already, in the order in which it was written: the newest have the highest numbers.
insert into ticket_texts (ticket_id, entry_id)
select ticket_id, entry_id
from (
  select id as ticket_id, null as entry_id, opened_at as at, 0 as kind from tickets
  union all
  select ticket_id, id, created_at, 1 from ticket_entries where kind <> 'event') texts
order by at, kind, ticket_id, entry_id;
insert into ticket_search
select texts.id, ticket_document(tickets.subject, coalesce(entries.body || ' ' || entries.quoted, tickets.body),
  case entries.kind when 'note' then null else tickets.client_id end)
from ticket_texts texts
join tickets on tickets.id = texts.ticket_id
left join ticket_entries entries on entries.id = texts.entry_id;
