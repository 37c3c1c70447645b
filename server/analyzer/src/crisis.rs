//! Crisis: whether a turn may speak of suicide, self-harm, abuse or acute danger. It decides one thing only, that the
//! session is withheld from findings and that help is shown; a false alarm costs little, a miss may cost much.
//!
//! The rules follow what screening questions ask for: the wish to be dead, thoughts, method, plan and acts of the
//! Columbia-Suicide Severity Rating Scale's screener (Posner et al. 2011); self-harm whatever its aim (NICE guideline
//! NG225); being hurt, threatened, controlled or forced (HITS, Sherin et al. 1998; the CDC's uniform definitions of
//! intimate partner violence, 2015); danger at this moment. They were worded on the tuning half of `probe/crisis.tsv`. A
//! trained head on the same features as the other heads adds what no rule says.

mod plain;
mod rules;
pub mod signs;

use std::sync::LazyLock;

use regex::RegexSet;

use crate::{
    math::sigmoid,
    model::Model,
    probe::{AffectTurn, CrisisTurn, Part},
    text::{Sentence, sentences},
};

/// What counts from whoever writes it, in sentences stripped of apostrophes.
const RULES: &[&str] = &[
    // Suicide: wish, thought, plan, act.
    r"\b(kill|kills|killing|killed|off|offing|unalive|unaliving|shoot|shooting|drown|hang|hanging|finish|finishing) (my ?self|it myself)\b",
    r"\b(tak|end)(e|ing) (my|this) (own )?life\b",
    r"\bend(ing)? (it all|it tonight|it for good|things for good|everything)\b|\b(about|of|to|just) (end|ending) it\b( all| tonight| now|$|[.!,;])",
    r"\bkms\b|\bsewers?l\w+\b|\bsuicid(e|al)\b|\bsuis\w+\b",
    r"\bi( \w+){0,3} (want|wanna|wish|long|hope|need|ready|decided|going|plan|planning|intend|choose|chose|like)( to| i could)? (just )?(die|be dead|be gone|not exist|disappear for good)\b",
    r"\bi (just |only |really |sometimes )*wish(ed)? i (was|were|was never|had never been|d never been) (dead|born|gone)\b",
    r"\b(ways?|how|date|place|day|time) to die\b|\bgoing to die (tonight|tomorrow|today|soon)\b",
    r"\brather (be dead|not exist|not be (here|alive)|not wake)\b|\bbe(ing)? (better off )?dead (doesnt|sounds|seems|would|might)\b|\bbetter off dead\b|\bfrom me dead\b",
    r"\b(dont|do not|didnt|no longer|not) (really |actually |even |exactly |particularly |much )*(want|wanna|wish|care|need)( to)? (be here|be alive|live|exist|go on|wake up|carry on|be around|keep going|be in this world|stay alive)\b",
    r"\b(tired|sick|weary|done|finished|enough) (of|with) (being alive|living|life|existing|this life|it all|being here)\b|\balive tired\b",
    r"\bbetter off (without me|if i)\b|\b(better|easier|happier|okay|ok|fine|lighter|free)( off| place| world| life)?( for \w+)? (without me|if i (was|were|wasnt|werent|died|disappeared|vanished|left for good)|once im gone|when im gone)\b",
    r"\bif i (wasnt|werent|was not|were not|was gone|were gone|was dead|were dead|died|disappeared|vanished|just stopped|never woke|didnt wake|didnt exist|werent here)\b",
    r"\b(without me in it|one less (thing|person|mouth)|(would|wouldnt) (even )?(notice|care|miss me) if i)\b|\bim (just |only |such |nothing but )*a (burden|waste of)\b",
    r"\b(not|never|dont|didnt|wouldnt|dont ever|without) (ever )?(wake|waking) up\b|\bin my sleep\b|\bgo to sleep (and|for) (not|never|good|ever)\b",
    r"\bno (point|reason|sense)( left)?( in| to| for)? (living|live|being alive|be alive|going on|go on|me being|keep going|staying)\b|\b(nothing|no one|nobody) (left )?to live for\b|\bpoint of (living|being alive|me)\b",
    r"\b(oh no|disappointed|sorry|annoyed|surprised|angry|upset)( \w+){0,3} (still alive|still here|woke up)\b|\bdoing on this earth\b|\bdont have a future\b|\brun out of time\b",
    r"\b(dont|cant|cannot|never|wouldnt|didnt) (see|think|expect|picture|hoping|imagine|plan)\w*( on| id| ill| myself| i would)* (make|making|reach|reaching|get|getting|live|living|see|seeing) (it )?(to|past|another|till|until|next)\b|\bwouldnt make it to\b",
    r"\b(suicide|goodbye|farewell|last) (note|letter)s?\b|\bwrote (the|my|a|them|their) (note|letter|goodbye)s?\b",
    r"\b(jump|jumping|jumped|step|stepping|throw myself|walk|walking) (off|in front of|from|into) (a|the|that|this)? ?(bridge|roof|train|bus|cliff|building|traffic|road|lorry|truck|sea|water|river|car|balcony|window)s?\b",
    r"\b(truck|bus|lorry|car|train) (would |to |just )*(hit|hits|ran|run|took|take) me\b|\bhoping (we|it|the plane)d? ?(would )?(go down|crash)|\blooking both ways\b|\bstopping the car\b",
    r"\b(took|taken|swallowed|taking|take|swallow|had)( \w+){0,4} (pills|tablets|paracetamol|meds|medication|sleeping pills|overdose|packet|bottle of)\b|\boverdos(e|ed|ing)\b",
    r"\b(stash|stockpil\w+|saving up|counted|counting|lined up|hoarding)( \w+){0,3} (pills|tablets|meds)\b|\bi have a plan\b|\bgot everything ready\b",
    r"\blet me (slip away|go to sleep|die)\b|\b(god|someone|something|it) (just )?(takes?|would take|to take) me\b|\bready to go\b",
    // Self-harm.
    r"\bi( \w+){0,4} (cut|cutting|burn|burned|burnt|burning|scratch|scratched|hurt|hurting|harm|harmed|harming|bit|bite|punch|punched|punching|hit|hitting|starve|starving|stab|stabbed|slapped|slap|bruise|choke|choked) (myself|my ?self|my (own )?(arm|arms|wrist|wrists|leg|legs|thigh|thighs|skin|head|face|stomach|hands?))\b",
    r"\b(hurt|hurting|harm|harming|cut|cutting|burn|burning|hit|hitting|punish|punishing|starving|punching|scratching) myself\b|\bself ?-? ?harm(ed|ing|s)?\b|\bsh again\b",
    r"\b(urge|want|need|wanna|needed|wanted|thinking about|instead of|started|back to|keep|kept|stopped|still|relapsed|craving|about)( to| and)? (cut|cutting|bleed|bleeding|burn|burning|carve|carving)\b",
    r"\b(i still|upstairs and|and then i|so i|bathroom and) cut\b|\bcuts? (on|all over|across|up) my (arm|arms|thigh|thighs|leg|legs|wrist|wrists|skin|stomach)\b",
    r"\b(scars|cuts|marks|burns|lines|ones) (are |on \w+ \w+ )?(from this|new|fresh|from last|on my wrists?)\b|\b(see|hide|hid|hiding|cover|covering) my (wrists?|arms?|cuts|scars|thighs)\b|\bthere are new ones\b|\blong sleeves\b",
    r"\b(lighter|cigarette|iron|razor|blade|knife|scissors|compass|needle|glass|matches)s? (on|to|against|across|into|over) my (own )?(arm|skin|leg|thigh|wrist|hand|stomach)s?\b",
    r"\b(picked up|used|bought|hid|hidden|got|found|keep|broke|unscrewed|with) (the|a|my|some|that|new|one)? ?(razor|blade)s?\b",
    r"\b(til|till|until) (it|i|they|theyre|its) (bleeds?|bled|numb|bruised?|go numb|were numb)\b|\bdraw blood\b|\bbleed to\b|\bbarcode\b|\bdid it again\b|\belastic band\b",
    r"\b(make|made|making) myself (sick|throw up|vomit|bleed)\b|\bmy nails in\b|\bpull(ed|ing)? (out|my)( \w+){0,4} hair\b",
    // Abuse.
    r"\b(he|she|they|dad|mum|mom|father|mother|husband|wife|partner|boyfriend|girlfriend|bf|gf|uncle|brother|sister|stepdad|stepfather|manager|boss|carer|son|daughter|ex|him|her|who|and|then|[a-z]+)( \w+){0,3} (hit|hits|hitting|punched|punches|slapped|slaps|kicked|kicks|choked|chokes|strangled|strangles|beat|beats|beaten|shoved|shoves|shoving|raped|rapes|threatened|threatens|forced|forces|grabbed|grabs|pushed|pushes|pinned|dragged|drags|burned|burnt|spat at|bit|headbutted|hurts?|attacked|assaulted|stalking|stalks|stalked|follows|following|followed) (me|us|my (arms?|hair|neck|throat|wrists?|face|head|kids|son|daughter|mum|mom))\b",
    r"\b(grabs?|grabbed|twist(s|ed)?|pull(s|ed)?) (me by )?my (arms?|hair|neck|throat|wrists?)\b|\bhands? (on|round|around) (me|my (neck|throat))\b|\bin the (side of the )?(head|face|stomach|ribs|jaw)\b",
    r"\bi (said|told him|told her|kept saying|was saying) no\b.*\b(he|she|they|anyway)\b|\bwithout my consent\b|\b(makes?|made|making|forc\w+) me (to )?(have sex|sleep with|do things|touch|undress|watch)\b|\btouch(es|ed|ing) me\b|\bforced himself\b",
    r"\b(afraid|scared|frightened|terrified|fear) (of|to) (him|her|them|my (own )?(husband|wife|dad|mum|mom|father|mother|partner|boyfriend|girlfriend|son|brother)|what (he|she|they)|go home|go back|going home|go to sleep|leave him|leave her|be alone with)\b|\b(dont|darent|do not) dare\b|\bafraid of \w+ (visits|temper|coming)\b",
    r"\b(he|she|they)( \w+){0,4} (kill|find|hurt|shoot|stab|bury|destroy) (me|us|the kids|the children|my)\b|\bkill me if\b|\bif i (ever )?(leave|left|tell|told|scream|call)\b",
    r"\b(wont|doesnt|not|never|didnt) let(s|ting)? me (leave|go|see|out|have|work|talk|speak|use|eat|sleep|out of)\b|\bnot allowed (to (see|leave|have|go|talk|speak|work|use|eat)|out|money|a phone|my own)\b|\bi have to ask (him|her|nicely|permission)\b",
    r"\b(takes?|took|taken|keeps?|controls?|checks?|hides|hid|holds?|smashed|tracks?|has) (my|the bank|all my|our) (phone|passport|money|keys|cards?|wages|medication|pay|account|papers|location|car keys|visa)\b|\bcontrols the (bank|money)\b|\block(ed|s) (me|us|us both) (in|out|up)\b|\blocked us\b",
    r"\b(threatens?|threatened|threatening) to\b|\bnext time (he|she|it) (wont|will|might)\b|\bworse than last time\b|\bpay for it later\b|\bhell make me pay\b",
    r"\b(bruise|bruises|bruised|black eye|split lip|my ribs|handprint|finger ?marks)\b|\bflinch\b|\bwhat happens at home\b|\bwalk(ing)? on eggshells\b",
    r"\b(keep|not|isnt|arent|dont feel|never|feel|wasnt) (her |him |them |us |me )?(un)?safe( at home| in this| here| tonight| with him| with her| in my|[.!,]|$)|\bnot safe\b|\bunsafe\b|\bhid(e|ing)( in| from|s)?\b.*\b(loft|bathroom|closet|wardrobe|him|her|cupboard|shed|car)\b",
    r"\b(throws?|threw|smash(es|ed|ing)?|punch(es|ed)?) (things|plates|the (wall|door|house|tv)|up the house|a (plate|chair|glass|mug)|stuff)\b|\bhurt(s|ing)? the (dog|cat|baby|kids|children)\b|\bhurt the babys?\b",
    r"\b(sleep with|sell me|sold me|for money and keeps|trick me out|pimp)\b|\bmarry (the man|him|someone|who) (they|he|my)\b|\btaken my passport\b|\bsend him a photo\b",
    // Danger at this moment.
    r"\b(voices?|radio|tv|telly|god|demons?|angels?)( \w+){0,3} (tell|tells|telling|told|saying|says|giving|gives|ordering|wants?|command\w*|keeps?)( \w+){0,3} (me|orders|kill|hurt|jump|cut|burn)\b",
    r"\b(with|got|has|holding|have|brought|waving) (the|a|his|her|my)? ?(kitchen |bread |big )?(knife|gun|hammer|bat|machete|axe|shotgun|petrol|weapon)\b|\bthe hammer with him\b",
    r"\b(hurt|kill|stab|harm|attack|strangle|smother|smothering|shake|shaking|drown|burn) (somebody|someone|him|her|them|the baby|my (mother|mum|mom|son|baby|kid|kids|daughter|husband|wife|dad|father|boss|brother|sister)|people|everyone)\b",
    r"\bdont trust myself\b|\bcant (promise|trust|keep myself)\b|\bbleeding (a lot|badly|so much|and)\b|\bisnt stopping\b|\bthis time (i|he|she) (wont|will)\b|\bin the walls\b|\bcut them out\b",
    r"\b(outside|at|through|behind|breaking|banging)( \w+){0,3} (my|the) (door|window|house|flat)\b.*\b(wont leave|man|knife|someone|he|banging|shouting)\b|\b(man|someone|he|guy|person|car)( \w+){0,4} (following|followed|follows|watching|chasing|breaking in|trying to get in)\b",
    r"\bhiding\b|\bmeds and (hes|shes)\b|\bsmashing up\b|\bcalled? (the police|999|911|an ambulance)\b|\bwont leave\b",
    // Farewell and euphemism.
    r"\b(wont|not going to|not gonna|will not|shant) be (here|around|there|a problem|a burden|in (the|your|anyones) way|needing)\b",
    r"\bafter (tonight|this evening|tomorrow|sunday|monday|tuesday|wednesday|thursday|friday|saturday|this|the weekend|im gone)\b.*\b(nothing|no more|never|wont|free|over|matter)\b|\bnever (have to|going to|gonna) (be|feel|hurt|wake|do|worry|deal)\b",
    r"\bsee (\w+ )?again (very )?soon\b|\b(be|join|joining|going to) (with )?(him|her|mum|dad|them|\w+) (again )?(soon|on the other side|in heaven)\b|\bother side\b",
    r"\b(house|affairs|papers|things|everything|will|accounts|passwords|drawers?)( \w+){0,3} (in order|where they|sorted|arranged|laid out|labelled|for good)\b|\b(dogs?|cats?|cat|guinea pigs?|budgie) (for good|to|with)\b|\bno mess\b|\bany mess\b|\bsorted out\b",
    r"\b(gave|given|giving|give) (away |all )?(my|him my|her my|them my)( \w+){0,3} (away|things|guitar|records|books|rings?|watch|stuff|clothes|bike|collection|jewellery)\b|\bgave (\w+ )?my\b",
    r"\b(made my peace|at peace with)\b|\bcatch(ing)? the bus\b|\btheyll (all )?(understand|see|know|find)\b|\blook after (each other|him|her|them|the kids|mum)\b|\bexplains? (everything|it all|why)\b|\bletters? (for|to) (each|the|my|them|all|everyone|the girls|the boys|the kids)\b",
    r"\b(tonight|tomorrow|friday|saturday|sunday) is the (night|day)\b|\bthe last (time|entry|one|day|page|night|week) (ill|i|of)\b|\b(nobodys|no ones|noones|not anyones|not your) fault\b|\benough to keep me\b|\bwhen im gone\b|\bwont be a (christmas|birthday|next|new year|spring|summer)\b",
    r"\bive decided\b|\bi have decided\b|\bdecision (left|is made|made)\b|\bno more (fighting|me|pain|struggling)\b",
];

/// What takes a sentence's rules back: plain denial, somebody else's story, idiom.
const EXCUSES: &[&str] = &[
    r"\b(not|never|no|dont|didnt|havent|hasnt|wasnt|isnt|arent|nor|without|nobody|doesnt|wouldnt|hadnt|cant|aint|nothing|at no point)( \w+){0,5} (suicid\w+|kill(ing)? myself|want(ed|ing)? to die|wish to die|thoughts? (of|about)|hurt(ing)? (myself|me|anyone)|harm(ing)? (myself|me)|self ?-? ?harm\w*|cut\b|cut myself|hitting me|hits? me|(in|any) danger|hurts? me|laid a finger|touch(es|ed)? me|controlling|unsafe|dark thought|plan|intent|death wish|better off without|end(ing)? (it|my life)|hands? on me|afraid of (him|her))",
    r"\b(its|it is) not that i dont\b|\bi (do )?want to (wake up|live|be here)\b|\bwanna be alive\b|\bglad to be (alive|here)\b|\bno wish to\b|\bisnt the word\b|\bmine isnt like that\b|\bnever (suicidal|wanted to die)\b",
    r"\b(film|movie|novel|podcast|news|documentary|doc|lecture|seminar|book club|character|my client|a client|patient|helpline|inquest|bereaved|article|opera|my game|the game|song|singer|streamer|history|the siege|theory of|leaflet|watched|watching|reading about|the book|chapter|the play|series|episode|essay|dissertation|training|course|workshop|assembly|interview|museum|headline|on the radio|true crime|thriller|poem|the author|support group)\b",
    r"\b(my friend|a friend|my mate|my cousin|a man|a woman|a lad|a lady|a girl|a boy|someone in|somebody at|my colleague|a colleague|my neighbour|the neighbour|my aunt|my gran|my nan|my grandfather|a kid|one of (my|the)|my wifes|my husbands|my brothers (suicide|death)|my sisters (suicide|death))\b.*\b(himself|herself|themselves|their|theirs|her ex|his ex|overdosed|to die|hit her|hit him|used to|suicide|attempt)\b|\b(himself|herself|themselves)\b",
    r"\b(laughing|lol|lmao|haha|hahaha|hilarious|karaoke|tart|cake|dress|shoes|renovation|plumber|deadline|meeting|invoice|fish|traffic jam|gym|spin class|hill|marathon|biscuit|sugar|budget|coffee|heat)\b",
    r"\bhang myself out\b|\bto die for\b|\bit hit me\b|\bhit me that\b|\bhit me how\b|\bbeats me\b|\bfor the (scratch|cat)\b|\bkilling (it|time|me|us)\b|\bdie happy\b|\brather die than\b|\bdying to\b",
];

/// What takes back rules that speak of a time that is over, unless the turn also speaks of now.
const PAST: &[&str] = &[
    r"\b(\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|many|several|a few|some) (years|yrs|decades) (ago|back|since|on|clean|free|sober|now|out|later|without)\b|\bits (been )?(\w+ )?(\d+|\w+) years\b|\bdecades? (ago|back|since|later)\b|\ba long time ago\b|\blong ago\b",
    r"\bwhen i was (a |an |at |in |\d+|young|small|little|nineteen|fifteen|sixteen|seventeen|eighteen|twenty|twelve)|\bas a (teen|teenager|kid|child|girl|boy|student)\b|\bin my (teens|twenties|thirties)\b|\bback (then|when|in)\b|\bat (nineteen|\d\d)\b|\bused to\b|\bi remember (wanting|thinking|how)\b",
    r"\bsurvived\b|\b(gone|turned|faded|healed) (silver|white)\b|\bsuicidal teenager\b|\bmy ex(-| )?(husband|wife|boyfriend|girlfriend|partner)?\b.*\b(was|used|had|years)\b|\bnothing of that\b|\bfrom somebody else\b|\bnearly took me\b|\bthe old flat\b",
];

/// What makes now of the past.
const NOW: &str = r"\b(tonight|today|again|still|this (week|month|morning|evening|time)|last night|yesterday|right now|every (night|day)|any ?more|lately|these days)\b";

struct Rules {
    rules: RegexSet,
    excuses: RegexSet,
    past: RegexSet,
    now: RegexSet,
}

#[expect(clippy::expect_used, reason = "the patterns are constants; a test compiles them")]
static COMPILED: LazyLock<Rules> = LazyLock::new(|| {
    let set = |patterns: &[&str]| RegexSet::new(patterns).expect("a constant pattern");
    Rules { rules: set(RULES), excuses: set(EXCUSES), past: set(PAST), now: set(&[NOW]) }
});

/// Whether a rule speaks for a crisis in the turn.
pub fn rule(turn: &str) -> bool {
    let rules = &*COMPILED;
    let lines: Vec<_> = sentences(turn).into_iter().map(plain).collect();
    let over = lines.iter().any(|line| rules.past.is_match(line)) && !lines.iter().any(|line| rules.now.is_match(line));
    !over && lines.iter().any(|line| rules.rules.is_match(line) && !rules.excuses.is_match(line))
}

/// The sentence as the rules read it: normalised, without apostrophes.
fn plain(sentence: &str) -> String {
    Sentence::read(sentence).text().chars().filter(|c| *c != '\'').collect()
}

/// The head's log-odds for a turn: of all of it, or of its worst sentence.
fn head(model: &Model, turn: &str) -> f32 {
    let parts = sentences(turn);
    let whole = model.score(&Sentence::read(turn)).crisis;
    parts.into_iter().map(|part| model.score(&Sentence::read(part)).crisis).fold(whole, f32::max)
}

/// How sure the head must be where a rule speaks: it only takes back what it finds most ordinary.
const DOUBT: f32 = -4.5;

/// Whether a turn is flagged: a rule speaks and the head does not think it quite ordinary, or the head alone is sure.
pub fn flagged(model: &Model, turn: &str) -> bool {
    let sure = head(model, turn);
    (rule(turn) && sure > DOUBT) || sigmoid(sure) >= model.header().crisis_threshold
}

/// The threshold of the head: such that it alone flags one in a hundred ordinary turns of the tuning halves.
pub fn choose_threshold(model: &Model, crisis: &[CrisisTurn], affect: &[AffectTurn]) -> f32 {
    let ordinary = crisis.iter().filter(|turn| turn.part == Part::Tune && !turn.crisis).map(|turn| turn.text);
    let feelings = affect.iter().filter(|turn| turn.part == Part::Tune).map(|turn| turn.text);
    let mut scores: Vec<f32> = ordinary.chain(feelings).map(|text| head(model, text)).collect();
    scores.sort_by(f32::total_cmp);
    sigmoid(scores[scores.len() - 1 - scores.len() / 100])
}

/// Study.
pub fn study(turn: &str) -> Vec<(usize, usize, usize, usize)> {
    let mut out = vec![];
    for (n, s) in sentences(turn).into_iter().enumerate() {
        let p = plain::Plain::read(s);
        for h in rules::RULES.hits(&p) { out.push((n, h.rule, rules::RULES.section(h.rule), h.from)); }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_compile_and_know_denial_idiom_and_others() {
        for crisis in ["I want to die.", "i dont wanna be here anymore", "He hit me again last night.", "I cut myself."]
        {
            assert!(rule(crisis), "{crisis}");
        }
        for ordinary in [
            "I'm not suicidal, just worn out.",
            "We were killing ourselves laughing.",
            "The film was about a man who kills himself.",
            "Ten years ago I wanted to die. I'm well now.",
        ] {
            assert!(!rule(ordinary), "{ordinary}");
        }
    }
}
