using System.Net;

namespace OpenClaw.AppHost.Tests;

[Collection(StackFixture.Collection)]
public sealed class AdminKeyTests(StackFixture fixture)
{
    [Fact]
    public async Task Start_NoKeySet_TheGeneratedOneOpensTheAdminApi()
    {
        using var admin = await fixture.Stack.ConnectToAdminAsync();
        using var anyone = new HttpClient { BaseAddress = admin.BaseAddress };

        using var answer = await admin.GetAsync("/policies");
        using var refusal = await anyone.GetAsync("/policies");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
        Assert.True(fixture.Stack.AdminKey.Secret);
        Assert.True((await fixture.Stack.AdminKey.GetValueAsync(CancellationToken.None))!.Length >= 40);
    }
}
