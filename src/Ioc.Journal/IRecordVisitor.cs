namespace Ioc.Journal;

/// <summary>Takes the records that <see cref="RecordJournal.ReadAt{TVisitor}"/> finds. Called on the caller's thread, before that call returns.</summary>
public interface IRecordVisitor
{
    /// <summary>A record that was asked for.</summary>
    /// <param name="index">Which of the offsets asked for.</param>
    /// <param name="record">A view, dead when this returns.</param>
    void Found(int index, in JournalRecord record);

    /// <summary>An offset without a record to show.</summary>
    /// <param name="index">Which of the offsets asked for.</param>
    /// <param name="offset">The offset itself.</param>
    /// <param name="why">What became of it.</param>
    void NotFound(int index, long offset, RecordAbsence why);
}

/// <summary>Why a record cannot be shown.</summary>
public enum RecordAbsence
{
    /// <summary>Its segment has been deleted; it does not come back.</summary>
    Trimmed,

    /// <summary>The disk has damaged it; it does not come back.</summary>
    Damaged,

    /// <summary>Not on the disk yet, or never given out.</summary>
    NotDurable,
}
