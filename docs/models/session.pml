/* Session set-up without glare (docs/protocol.md §6), rule by rule as sdk/peer/handshake.ts has it, with as much of
   Peer and DeviceEnd around it as decides what it is told: the lower key (L) always offers, both may knock at once.
   The network (several relays) reorders freely, loses LOSS signals and duplicates DUP (replay included: a copy may
   arrive any time later). Cryptography is perfect: a number is a nonce, an OFFER or a time nobody can invent.
   When everything has come to rest without a connection, a side tries again: BYL and BYH say who may, TRY how often.
   EARLY times somebody gives up and tries again at any other moment, RELOAD times a page is opened anew, SILENT times
   a side does not hear its confirmed session any longer: it looks for another one, and keeps the first until then.
   NO_… take one rule away each. test/peer/handshake-model.test.ts walks the same runs on the code itself. */
#ifndef LOSS
#define LOSS 1
#endif
#ifndef DUP
#define DUP 1
#endif
#ifndef EARLY
#define EARLY 0
#endif
#ifndef TRY
#define TRY (LOSS + EARLY + 1)
#endif
#ifndef BYL
#define BYL 1
#endif
#ifndef BYH
#define BYH 0
#endif
#ifndef RELOAD
#define RELOAD 0
#endif
#ifndef SILENT
#define SILENT 0
#endif
/* the rules that can be taken away */
#ifdef NO_LED                   /* low: a KNOCK with the nonce of the confirmed session is old */
#define LED false
#else
#define LED (upL && pLh == b)
#endif
#ifdef NO_KNOCK_RULE            /* high: a KNOCK is taken once, an older one never */
#define NEWER true
#else
#define NEWER (t > seenH)
#endif
#ifdef NO_OFFER_SEEN            /* high: an OFFER counts as the KNOCK it answers */
#define COUNTS false
#else
#define COUNTS true
#endif
#ifdef NO_SPENT                 /* high: the nonce of an attempt that failed is not knocked with again */
#define SPENT false
#else
#define SPENT (nH == 0)
#endif
#define CAP 6
mtype = { KNOCK, HELLO, OFFER, ANSWER };
/* kind, time by the sender's clock, low's nonce, high's nonce, number of the OFFER it is or answers */
chan toL = [CAP] of { mtype, byte, byte, byte, byte };
chan toH = [CAP] of { mtype, byte, byte, byte, byte };
byte lossN = LOSS, dupN = DUP, tries = TRY, earlies = EARLY, reloads = RELOAD, silents = SILENT;
/* what each side has handed out: nonces, times, OFFERs */
byte nonces, clockL, clockH, offers;
/* the fields of a Handshake: nonce, pair, seenTime, isPairConnected; high: offerHash */
byte nL, pLl, pLh, seenL; bool upL;
byte nH, pHl, pHh, seenH, hashH; bool upH;
/* Peer: the nonce of high's knocks. DeviceEnd: the session being set up, the confirmed one, by OFFER; what is stored */
byte knockH, pendL, pendH, curL, curH, keptL, keptH;
bool answered, knockedL, knockedH, spoke;
/* low's OFFER and high's ANSWER as they went out, for sending again; the nonces of the confirmed sessions */
byte oT, oLow, oHigh, aT, aLow, aHigh, curLl, curLh, curHl, curHh;

#define done (curL != 0 && curL == curH)
#define idleL (pendL == 0 && curL == 0)
#define idleH (pendH == 0 && curH == 0)
inline put(c, m, t, a, b, o) { assert(nfull(c)); spoke = spoke || done; c ! m(t, a, b, o) }
inline fresh(n) { nonces++; n = nonces }

/* L: low */
inline knockL() { fresh(nL); pLl = 0; pLh = 0; clockL++; put(toH, KNOCK, clockL, nL, 0, 0) }
inline failedL(l, h) { if :: pLl != 0 && pLl == l && pLh == h -> nL = 0; pLl = 0; pLh = 0; upL = false :: else fi }
inline offer(h) {
  if :: nL == 0 -> fresh(nL) :: else fi;
  if :: pLl == nL && pLh == h -> if :: pendL != 0 -> put(toH, OFFER, oT, oLow, oHigh, pendL) :: else fi
     :: else -> pLl = nL; pLh = h; upL = false; offers++; pendL = offers; answered = false;
                clockL++; oT = clockL; oLow = nL; oHigh = h; put(toH, OFFER, oT, oLow, oHigh, pendL) fi }
active proctype Low() { mtype m; byte t, a, b, o;
  end: do
  :: atomic { !knockedL && idleL -> knockedL = true; knockL() }
  :: toL ? m(t, a, b, o) -> atomic {
       if :: m == KNOCK && t > seenL && !LED -> seenL = t; if :: upL -> fresh(nL) :: else fi; offer(b)
          :: m == HELLO && nL != 0 && a == nL && t >= seenL && !upL -> seenL = t; offer(b)
          :: m == ANSWER && pendL == o && !answered -> answered = true
          :: else fi; t = 0; a = 0; b = 0; o = 0 }
  :: atomic { pendL != 0 && answered && (pendH == pendL || curH == pendL) ->
       curL = pendL; curLl = oLow; curLh = oHigh; pendL = 0; upL = (pLl == oLow && pLh == oHigh); keptL = seenL }
  :: atomic { timeout && !done && BYL && tries > 0 -> tries--;
       if :: curL != 0 -> curL = 0; failedL(curLl, curLh) :: else fi;
       if :: pendL != 0 -> pendL = 0; failedL(oLow, oHigh) :: else fi; knockL() }
  :: atomic { earlies > 0 && BYL && curL == 0 && !done -> earlies--; if :: pendL != 0 -> pendL = 0; failedL(oLow, oHigh) :: else fi; knockL() }
  :: atomic { silents > 0 && curL != 0 && pendL == 0 -> silents--; failedL(curLl, curLh); knockL() }
  :: atomic { timeout && !done && tries == 0 -> assert(false) }          /* not connected after TRY attempts */
  :: atomic { reloads > 0 -> reloads--; nL = 0; pLl = 0; pLh = 0; upL = false; seenL = keptL; pendL = 0; curL = 0;
       answered = false; knockedL = false }
  od }

/* H: high */
inline renewH() { fresh(nH); pHl = 0; pHh = 0; hashH = 0 }
inline failedH(l, h) { if :: pHl != 0 && pHl == l && pHh == h -> nH = 0; pHl = 0; pHh = 0; hashH = 0; upH = false :: else fi }
inline knockAsH() {
  if :: knockH == 0 || pHl != 0 || SPENT -> fresh(knockH) :: else fi;
  if :: nH != knockH -> nH = knockH; pHl = 0; pHh = 0; hashH = 0 :: else fi;
  clockH++; put(toL, KNOCK, clockH, 0, nH, 0) }
active proctype High() { mtype m; byte t, a, b, o;
  end: do
  :: atomic { !knockedH && idleH -> knockedH = true; knockAsH() }
  :: toH ? m(t, a, b, o) -> atomic {
       if :: m == KNOCK && NEWER && !(pHl != 0 && pHl == a) ->
             seenH = t; if :: pHl != 0 || nH == 0 -> renewH() :: else fi; clockH++; put(toL, HELLO, clockH, a, nH, 0)
          :: m == OFFER && nH != 0 && b == nH ->
             if :: pHl == 0 -> pHl = a; pHh = b; hashH = o; pendH = o;
                   if :: t > seenH && COUNTS -> seenH = t :: else fi;
                   clockH++; aT = clockH; aLow = a; aHigh = b; put(toL, ANSWER, aT, aLow, aHigh, pendH)
                :: pHl != 0 && hashH == o -> if :: pendH != 0 -> put(toL, ANSWER, aT, aLow, aHigh, pendH) :: else fi
                :: else fi
          :: else fi; t = 0; a = 0; b = 0; o = 0 }
  :: atomic { pendH != 0 && ((pendL == pendH && answered) || curL == pendH) ->
       curH = pendH; curHl = aLow; curHh = aHigh; pendH = 0; upH = (pHl == aLow && pHh == aHigh); keptH = seenH }
  :: atomic { timeout && !done && BYH && tries > 0 -> tries--;
       if :: curH != 0 -> curH = 0; failedH(curHl, curHh) :: else fi;
       if :: pendH != 0 -> pendH = 0; failedH(aLow, aHigh) :: else fi; knockAsH() }
  :: atomic { earlies > 0 && BYH && curH == 0 && !done -> earlies--; if :: pendH != 0 -> pendH = 0; failedH(aLow, aHigh) :: else fi; knockAsH() }
  :: atomic { silents > 0 && curH != 0 && pendH == 0 -> silents--; failedH(curHl, curHh); knockAsH() }
  :: atomic { reloads > 0 -> reloads--; nH = 0; pHl = 0; pHh = 0; hashH = 0; upH = false; seenH = keptH; knockH = 0;
       pendH = 0; curH = 0; knockedH = false }
  od }

active proctype Net() { mtype m; byte t, a, b, o;
  end: do
  :: atomic { lossN > 0 && nempty(toL) -> toL ? m(t, a, b, o); lossN--; t = 0; a = 0; b = 0; o = 0 }
  :: atomic { lossN > 0 && nempty(toH) -> toH ? m(t, a, b, o); lossN--; t = 0; a = 0; b = 0; o = 0 }
  :: atomic { dupN > 0 && nempty(toL) && nfull(toL) -> toL ? <m, t, a, b, o>; toL ! m(t, a, b, o); dupN--;
       t = 0; a = 0; b = 0; o = 0 }
  :: atomic { dupN > 0 && nempty(toH) && nfull(toH) -> toH ? <m, t, a, b, o>; toH ! m(t, a, b, o); dupN--;
       t = 0; a = 0; b = 0; o = 0 }
  :: atomic { len(toL) > 1 -> toL ? m(t, a, b, o); toL ! m(t, a, b, o); t = 0; a = 0; b = 0; o = 0 }
  :: atomic { len(toH) > 1 -> toH ? m(t, a, b, o); toH ! m(t, a, b, o); t = 0; a = 0; b = 0; o = 0 }
  od }

ltl agree { [] (done -> (curLl == curHl && curLh == curHh)) }                       /* one session, one pair of nonces */
/* nothing late or repeated disturbs an established session: no other one is set up beside it, nobody answers */
ltl stable { [] ((done && reloads == 0) -> [] (done && pendL == 0 && pendH == 0)) }
ltl silent { [] !spoke }
