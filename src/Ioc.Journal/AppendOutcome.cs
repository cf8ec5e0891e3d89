namespace Ioc.Journal;

/// <summary>What became of one append.</summary>
public enum AppendOutcome
{
    /// <summary>Taken, with an offset; durable once <see cref="RecordJournal.DurableOffset"/> has passed it.</summary>
    Appended,

    /// <summary>Refused: the byte budget is met and every segment still holds records that a consumer has not read.</summary>
    OverBudget,

    /// <summary>Refused: larger than <see cref="JournalOptions.MaxRecordBytes"/>.</summary>
    TooLarge,

    /// <summary>Refused: the disk is full, stalled or failed, or the journal is closed; <see cref="RecordJournal.State"/> says which.</summary>
    Unavailable,
}
