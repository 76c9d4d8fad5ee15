/**
 * Every number that bounds the protocol, with its unit and its reason. `docs/limits.md` lists them.
 */

/** Version byte of every layout. Another value is dropped, docs/protocol.md §9. */
export const PROTOCOL_VERSION = 1;

export const KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
/** A device is one store of one identity; 8 random bytes never meet twice among one person's. */
export const DEVICE_BYTES = 8;
export const NONCE_BYTES = 32;
export const SESSION_ID_BYTES = 16;
export const CONVERSATION_BYTES = 16;
/** A token of an invitation: version, issuer, id, end, uses and the owner's signature. */
export const TOKEN_BYTES = 87;
/** The same in base64url. */
export const TOKEN_CHARS = 116;
/** The MAC by which the author of an entry knows it again: HMAC-SHA-256, RFC 2104 §5 cut to half. */
export const TAG_BYTES = 16;
/** The id of an invitation; random, so that two devices of one person never give out the same. */
export const INVITATION_BYTES = 8;
/** Characters: `pim1`, a version symbol, 52 symbols of key, 6 of checksum. */
export const ADDRESS_CHARS = 63;

/** Plaintext sizes a sealed envelope is padded to, so that its length does not tell its type. */
export const PADDED_SIZES = [512, 1024, 2048, 4096, 8192] as const;
/** Version byte, X25519 key, AES-GCM tag. */
export const SEAL_OVERHEAD_BYTES = 49;
export const MAX_SEALED_BYTES = 8192 + SEAL_OVERHEAD_BYTES;
/** The largest frame a relay accepts: SEND's header and the largest envelope, rounded up. */
export const MAX_RELAY_FRAME_BYTES = 8704;

/** Bytes. Long enough for every origin that occurs, short enough for a fixed buffer. */
export const MAX_ORIGIN_BYTES = 512;

/** TURN URLs one relay offers: UDP, TCP and TLS of one server. More only slow the search for a way. */
export const MAX_TURN_URLS = 3;
/** Characters of a TURN server's URL, of a username and of a password. */
export const MAX_TURN_TEXT_CHARS = 128;
/** Seconds a TURN login is good for at most: a day. */
export const MAX_TURN_LIFETIME_S = 86_400;

/** Bytes of UTF-8 in a display name. */
export const MAX_NAME_BYTES = 64;
/** Bytes of UTF-8 a stranger may say in a request, before consent. */
export const MAX_INVITE_TEXT_BYTES = 280;
/** Bytes of UTF-8 in one text entry. */
export const MAX_TEXT_BYTES = 16_000;
/** Bytes of UTF-8 in one reaction: the longest emoji sequences (families, flags) take 41. */
export const MAX_EMOJI_BYTES = 64;
/** Emoji of one author remembered at one message, taken back ones too; the longest unmoved gives way. */
export const MAX_REACTIONS = 32;
/** Edits, deletions and reactions of one conversation kept for entries that are not here yet. */
export const MAX_EARLY_CHANGES = 1_000;
/** Bytes of one encoded entry: the text, a reply reference and the header, with room for later kinds. */
export const MAX_ENTRY_BYTES = 32_768;
/** Bytes of UTF-8 in a file's name, as file systems have it, and in its media type. */
export const MAX_FILE_NAME_BYTES = 255;
/** Words about files of one device that wait to be looked at; more end the channel. */
export const MAX_FILE_WORDS = 256;
/** Bytes of one file: its list of hashes is then 4 MiB. */
export const MAX_FILE_BYTES = 34_359_738_368;
/** Bytes of SHA-256, of which one is kept of each piece. */
export const FILE_HASH_BYTES = 32;
/** Bytes that are hashed, checked and asked for as one: 0.01 % of a file is hashes. */
export const FILE_PIECE_BYTES = 262_144;
/** Bytes of one message of a file channel: a quarter of a piece, and what both engines send at once. */
export const FILE_MESSAGE_BYTES = 65_536;
/** Pieces its author may send beyond what the reader has stored: 16 MiB, the reader's memory bound. */
export const FILE_WINDOW_PIECES = 64;
/** Pieces written to the store as one: what a page that dies loses of a file. One alone while people
 * talk: their words wait for the write that is under way. */
export const FILE_SEGMENT_PIECES = 16;
/** Milliseconds without a piece after which those that came are stored, however few they are. */
export const FILE_QUIET_MS = 50;
/** Milliseconds a file waits at most for words that are not delivered, before each of its messages. */
export const FILE_HOLD_MS = 500;
/** Milliseconds after a word in which people are taken to be talking. */
export const FILE_TALK_MS = 30_000;
/** Pieces its author sends then beyond what is stored: words stand behind no more of a file than that. */
export const FILE_TALK_PIECES = 2;
/** Bytes of a file in one message then; twice as many wait in its channel. */
export const FILE_TALK_MESSAGE_BYTES = 16_384;
/** Bytes waiting in a file's channel above which nothing more is read of the file. */
export const FILE_HIGH_WATER_BYTES = 131_072;
/** Files a reader has run at once with one device; an author ends the channel at twice as many. */
export const MAX_FILE_RUNS = 3;
/** Numbers of file channels, even ones of the lower key and odd ones of the higher; used again in turn. */
export const FILE_CHANNELS = [2, 201] as const;
/** Milliseconds without a byte after which a file counts as interrupted. */
export const FILE_STALL_MS = 60_000;
/** Milliseconds between two events about the progress of one file. */
export const FILE_PROGRESS_MS = 200;
/** Bytes of a file I send up to which a copy is kept, so that it arrives after a reload too. */
export const MAX_KEPT_FILE_BYTES = 16_777_216;
/** Bytes of a file that is taken where nothing is kept but in memory. */
export const MAX_MEMORY_FILE_BYTES = 67_108_864;
/** Bytes of an image that is fetched without being asked for, and of all of one contact within an hour. */
export const MAX_AUTO_IMAGE_BYTES = 5_242_880;
export const MAX_AUTO_IMAGES_BYTES = 67_108_864;
/** Bytes of one frame on the channel; RFC 8831 §6.6 asks for 16 KiB where interleaving is absent,
 * both engines send 64 KiB at once, and an entry must fit. */
export const MAX_CHANNEL_FRAME_BYTES = 65_536;
/** Logs one HAVE may list: devices of the two people in a conversation, and room to spare. */
export const MAX_HAVE_LOGS = 512;
/** Logs one conversation holds: a new one begins where a device lost its own, which is rare. */
export const MAX_LOGS = 128;
/** Entries one end may have sent that the other has not acknowledged: the receiver's memory bound. */
export const MAX_UNACKNOWLEDGED = 512;
/** Entries one LACK asks for: half a window, so that the words of now are never far behind. */
export const MAX_RETURNED = 256;
/**
 * How far an entry's Lamport clock may lead the highest one known in its conversation. A peer could
 * otherwise exhaust the clock with one entry and nothing could be written after it.
 */
export const MAX_CLOCK_LEAP = 1_000_000;

/** ICE, RFC 8839 §5.4: 4..256 and 22..256 characters; both engines use 4 to 8 and 22 to 32. */
export const ICE_UFRAG_CHARS = [4, 32] as const;
export const ICE_PWD_CHARS = [22, 64] as const;
export const ICE_FOUNDATION_CHARS = [1, 32] as const;
/** Candidates in one CAND signal, and in a whole session. */
export const MAX_CANDIDATES_PER_SIGNAL = 16;
export const MAX_CANDIDATES_PER_SESSION = 64;

/** Relays one client keeps a link to. Each sees who is connected; more than five add little. */
export const MAX_RELAYS = 5;
/** Characters of a relay's URL in options and links. */
export const MAX_RELAY_URL_CHARS = 256;
/** Relay hints taken from one link. */
export const MAX_LINK_RELAYS = 5;
/** Characters of a whole invitation fragment; a longer one is not read. */
export const MAX_LINK_CHARS = 2048;

/** Milliseconds for one relay login, from socket to OK. */
export const LOGIN_TIMEOUT_MS = 10_000;
/** Milliseconds a relay waits for AUTH, and the life of its challenge. */
export const AUTH_DEADLINE_MS = 10_000;
/** Milliseconds of silence after which a client pings its relay, and then gives the socket up. */
export const LINK_PING_AFTER_MS = 45_000;
export const LINK_DEAD_AFTER_MS = 75_000;
/** Milliseconds a relay has for a sign of life when something else went silent or the network changed. */
export const LINK_PROBE_MS = 1_500;
/** Frames a second taken from one relay before the rest is dropped and the relay is marked. */
export const MAX_RELAY_FRAMES_PER_S = 100;
/**
 * Envelopes opened a second over all relays, each of which has an equal share: a relay knows my
 * address and can seal garbage to it.
 */
export const MAX_UNSEALS_PER_S = 50;

/** Milliseconds an outstanding nonce is answered to. */
export const NONCE_LIFE_MS = 60_000;
/** Milliseconds from the first session signal to an open data channel. */
export const CONNECT_TIMEOUT_MS = 20_000;
/** Milliseconds from the open data channel to a verified C2. */
export const CONFIRM_TIMEOUT_MS = 10_000;
/**
 * Milliseconds without any frame after which a channel is pinged, after that ping without an answer
 * until the other end counts as gone (4 s in all: a leave is to show within 5), and from there until
 * the channel is given up.
 */
export const CHANNEL_PING_AFTER_MS = 2_000;
export const CHANNEL_SILENT_AFTER_MS = 2_000;
export const CHANNEL_DEAD_AFTER_MS = 60_000;
/** Bytes waiting in the data channel above which entries wait in the store instead. */
export const CHANNEL_HIGH_WATER_BYTES = 262_144;
/** WebRTC connections at once; fifty idle ones cost a browser 6 % of a core, the silent one gives way. */
export const MAX_PEER_CONNECTIONS = 50;
/** Signals kept for a session that has not begun here yet (relays reorder). */
export const MAX_EARLY_SIGNALS = 32;

/** Requests from strangers that wait for an answer; the oldest unseen one gives way. */
export const MAX_REQUESTS = 100;
/** INVITEs taken a minute over all strangers before the rest is dropped unread. */
export const MAX_INVITES_PER_MINUTE = 60;
/** Invitations one identity keeps, those withdrawn too while their links may still be about. */
export const MAX_INVITATIONS = 500;
/** People one invitation lets ask at most, where it is limited; as many are remembered of any. */
export const MAX_INVITATION_USERS = 1_000;
/** People one identity keeps. */
export const MAX_CONTACTS = 2_000;
/** Devices remembered per contact; the longest unheard one gives way. */
export const MAX_CONTACT_DEVICES = 16;
/** Messages one page of history holds at most. */
export const MAX_PAGE = 500;

/** Turns of PBKDF2-HMAC-SHA256 for the passphrase of a backup (OWASP, Password Storage, 2023). */
export const BACKUP_ITERATIONS = 600_000;
/** Turns a file may ask for: fewer protect nothing, more would stall whoever opens it. */
export const MIN_BACKUP_ITERATIONS = 100_000;
export const MAX_BACKUP_ITERATIONS = 10_000_000;
/** Bytes of a backup file. */
export const MAX_BACKUP_BYTES = 67_108_864;
