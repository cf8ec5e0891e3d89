namespace Ioc.Devices.Onboarding;

/// <summary>A value that somebody gave, or did not: not given is something else than given as nothing.</summary>
public readonly record struct Given<T>
{
    /// <summary>Somebody gave <paramref name="value"/>, perhaps null.</summary>
    public Given(T? value)
    {
        IsGiven = true;
        Value = value;
    }

    /// <summary>False: leave what is.</summary>
    public bool IsGiven { get; }

    /// <summary>What was given; null clears.</summary>
    public T? Value { get; }

    /// <summary>What was given, else what is.</summary>
    public T? Or(T? current) => IsGiven ? Value : current;
}
