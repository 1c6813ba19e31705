using OpenClaw.RateLimiting.AspNetCore.Headers;

namespace OpenClaw.RateLimiting.AspNetCore.Policies;

/// <summary>The charges of a request. Equal for requests with the same policies, partitions and costs, which therefore share a
/// limiter.</summary>
/// <param name="charges">The charges.</param>
/// <param name="responses">Fields and problems of responses.</param>
internal sealed class ChargeSet(Charge[] charges, PolicyResponses responses) : IEquatable<ChargeSet>
{
    public Charge[] Charges => charges;

    public PolicyResponses Responses => responses;

    public bool Equals(ChargeSet? other) => other is not null && ReferenceEquals(responses, other.Responses)
        && charges.AsSpan().SequenceEqual(other.Charges);

    public override bool Equals(object? obj) => Equals(obj as ChargeSet);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (Charge charge in charges)
        {
            hash.Add(charge.Partition);
            hash.Add(charge.Cost);
        }

        return hash.ToHashCode();
    }
}
