namespace Realtime.Hours;

/// <summary>What a pharmacy does at an instant. <see cref="Unknown"/> is a state of its own and is never shown as open.</summary>
public enum ServiceState : byte
{
    /// <summary>Known to be shut.</summary>
    Closed,

    /// <summary>Within its own opening hours.</summary>
    Open,

    /// <summary>On duty outside its own opening hours.</summary>
    OnCall,

    /// <summary>Nobody has said, or what was said does not cover this instant.</summary>
    Unknown,
}

/// <summary>How one gets in.</summary>
public enum Access : byte
{
    /// <summary>The door is open.</summary>
    WalkIn,

    /// <summary>The shutter is closed: ring.</summary>
    Bell,

    /// <summary>Telephone before coming.</summary>
    PhoneFirst,
}
