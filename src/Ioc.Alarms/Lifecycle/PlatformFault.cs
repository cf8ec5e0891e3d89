namespace Ioc.Alarms.Lifecycle;

/// <summary>Something wrong with the product itself: told to operators as an alarm like any other, of priority 1.</summary>
/// <param name="Condition">One word for what is wrong; another word is another rise of the alarm.</param>
/// <param name="MessageVi">Cause and remedy in Vietnamese.</param>
/// <param name="MessageEn">Cause and remedy in English.</param>
public sealed record PlatformFault(string Condition, string MessageVi, string MessageEn)
{
    /// <summary>What such an alarm carries in place of a device.</summary>
    public const string Source = "platform";

    /// <summary>Nothing is more urgent: messages are being refused, or will be.</summary>
    public const int Priority = 1;
}
