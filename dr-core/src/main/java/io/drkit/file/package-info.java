/**
 * The embedded default: a journal and a lease store in a directory, for processes that share a file system.
 *
 * <h2>The journal's directory</h2>
 *
 * <p>One directory is the log of one plan. {@code journal.lock} is empty and never deleted: it is locked for the moment of
 * an append, and shared for the moment of a read. {@code journal.log} is UTF-8 text to be read by people and programs; its
 * first line names the format and the plan, and each further line is one record:
 *
 * <pre>{@code
 * drkit-journal 1 <checksum> <plan>
 * <sequence> <checksum> <left> <length> <text>
 * }</pre>
 *
 * <ul>
 *   <li><i>sequence</i>: the record's position in the log, counting from 0;
 *   <li><i>checksum</i>: the first 32 hexadecimal digits of the SHA-256 of the checksum in the line before and of the rest
 *       of this line; so a record cannot be changed, removed, doubled or moved without all later ones failing to verify;
 *   <li><i>left</i>: how many records of the same append follow; an append is in the log when the one with 0 left is;
 *   <li><i>length</i>: the number of bytes of the text;
 *   <li><i>text</i>: the record as it was given.
 * </ul>
 *
 * <p>A log that was compacted is of format 2, and differs in its first line:
 *
 * <pre>{@code
 * drkit-journal 2 <checksum> <first> <previous> <plan>
 * }</pre>
 *
 * <ul>
 *   <li><i>first</i>: the position of its first record, which is the one that came next before it was compacted;
 *   <li><i>previous</i>: the checksum of the last line before it was compacted; so the chain goes on.
 * </ul>
 *
 * <p>A log begins in format 1, stays in it, so that an earlier version of the library can go on with it, and becomes one of
 * format 2 with its first compaction. A log of a later format is refused.
 *
 * <h2>Compaction</h2>
 *
 * <p>The old log is copied to {@code journal-<first>-<next>.log}, the new one is written to {@code journal.new}, and when both
 * are durable, the new one is renamed to {@code journal.log}. After a crash at any instant, the one or the other is there and
 * whole; a {@code journal.new} that was left is of no use, and is removed by the next compaction. Archives are logs of their
 * own: put into a directory as {@code journal.log}, they are read as ever. They are never removed: that is for people to do.
 * Where there is an archive, {@code journal.log} has records; that it is gone, or empty, is an error.
 *
 * <h2>After a crash</h2>
 *
 * <p>A crash in the middle of an append leaves a beginning of what was being written. That is a <i>torn tail</i>: nobody
 * was told that it is there. Reading ignores it, the next append cuts it off, always the whole append and nothing before.
 * So may end the last line without its line break, or the last append without its last records. A file system that crashed
 * may also have put zeros in the place of what it had not written yet: zeros up to the end of the file count as not
 * written, after a whole line or in the middle of one.
 *
 * <p>Everything else is <i>damage</i>: a line with its line break that does not verify, the last one included, or a line
 * break that became another byte. It is an error that names file, byte and record; it is never skipped and never cut by
 * itself. Two things cannot be seen from within a file: that it was cut exactly behind an append, and that it was put back
 * as a whole to an older state. Nor do checksums without a key keep out someone who may write to the directory.
 */
package io.drkit.file;
